from django.db import migrations

from elendihub.auditing import audited


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_review_comments"), ("elendihub", "0005_audited_accounts")]

    operations = [
        audited("articles_category"),
        audited("articles_topic"),
        audited("articles_article"),
        audited("articles_article_also"),
        audited("articles_article_contributors"),
        audited("articles_articlecomment"),
        audited("articles_formerslug"),
        audited("articles_pastaddress"),
        # Frozen rows keep their texts themselves.
        audited("articles_articleversion", without=["body", "body_html", "contents", "citations", "terms"]),
        audited("articles_versiontopic"),
        audited("articles_citation", without=["sentence"]),
        audited("articles_check"),
        audited("articles_flag"),
        audited("articles_sourcetext"),
        audited("articles_sourcetext_articles"),
    ]
