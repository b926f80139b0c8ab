"""A hub's folder of text files and the reference rows beside it, into the database and out again.

fixtures/jurisdictions.json, topics.json, …   reference rows, Django fixtures with natural keys
fixtures/norway/hub.md                        the hub
fixtures/norway/01-classification-rules.md    its articles, numbered in reading order
"""
