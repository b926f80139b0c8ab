"""Heads, numbers, lists and ranges of provisions, and the span of a citation."""

import pytest

from .marked import found, only


@pytest.mark.parametrize(
    ("surface", "provisions"),
    [
        ("Article 10 of the MDR", "art_10"),
        ("Art. 10 MDR", "art_10"),
        ("Art.10(9) MDR", "art_10(9)"),
        ("MDR Arts. 10(9) and 12", "art_10(9) art_12"),
        ("artikkel 22 i MDR", "art_22"),
        ("Article 120 (3c)(a) MDR", "art_120(3c)(a)"),
        ("Article 54(2)b MDR", "art_54(2)(b)"),
        ("Art. 21.2.j MDR", "art_21(2)(j)"),
        ("Article 10a MDR", "art_10a"),
        ("Article 6(1) lit. f GDPR", "art_6(1)(f)"),
        ("Art. 10 Para. 13 MDR", "art_10(13)"),
        ("Art. 10 par. 13 MDR", "art_10(13)"),
        ("Art. 9 para. 2 let. h GDPR", "art_9(2)(h)"),
        ("Art. 6 para. 1 sentence 1 lit. b GDPR", "art_6(1)(b)"),
        ("Article 120 paragraph 3c MDR", "art_120(3c)"),
        ("Articles 83 et seq. of the MDR", "art_83"),
        ("Art. 83 ff. MDR", "art_83"),
        ("Article&nbsp;10(9) of the&#160;MDR", "art_10(9)"),
        ("Article 10 EU-MDR", "art_10"),
        ("Section 6a of Annex II to the MDD", "anx_II/6a"),
        ("Annex IX ch. II MDR", "anx_IX/chp_II"),
        ("Chapt. II Annex XV MDR", "anx_XV/chp_II"),
        ("point 4.3. (c) of Annex IX to the MDR", "anx_IX/4.3(c)"),
        ("MDR Annex I.23.4", "anx_I/23.4"),
        ("Regulation (EC) No 1223/2009 (CPR), Article 4", "art_4"),
        ("Art. 51 MDR, Section 1", "art_51(1)"),
        ("Article 110(3b), point (d), IVDR", "art_110(3b)(d)"),
        ("second subparagraph of Article 52(4) MDR", "art_52(4)/sub_2"),
        ("first and second indents of Article 5(1) MDR", "art_5(1)/ind_1 art_5(1)/ind_2"),
        ("points 1 and 2 of Article 2 MDR", "art_2(1) art_2(2)"),
        ("point (a) and point (c) of Article 5 MDR", "art_5(a) art_5(c)"),
        ("paragraph (2) of Article 17 MDR", "art_17(2)"),
        ("Annex XIV, Part A, Section 3 MDR", "anx_XIV/part_A/3"),
        ("Annex XIV Part A(1)(a) of MDR", "anx_XIV/part_A/1(a)"),
        ("vedlegg VIII i MDR", "anx_VIII"),
        ("Annex I 17.2 MDR", "anx_I/17.2"),
        ("MDR Annex I (17.2)", "anx_I/17.2"),
        ("MDR, Annex I, 23.4", "anx_I/23.4"),
        ("Annex III 2c MDR", "anx_III/2(c)"),
        ("IVDR, Annex I, Chapter III.20", "anx_I/chp_III/20"),
        ("Section 14.2.1. of Annex I to the MDR", "anx_I/14.2.1"),
        ("Section 3.6, chapter II, Annex XV of the MDR", "anx_XV/chp_II/3.6"),
        ("Annex VII, section 4.2, 6th indent MDR", "anx_VII/4.2/ind_6"),
        ("Sections 1.2., 4.3. and 4.4. of Annex IX MDR", "anx_IX/1.2 anx_IX/4.3 anx_IX/4.4"),
        ("Annex 7 AIMDD", "anx_7"),
        ("§ 10.4 Annex I MDR", "anx_I/10.4"),
        ("Rule 11 of Annex VIII to the MDR", "rule_11"),
        ("second indent of Rule 9 of Annex VIII to the MDR", "rule_9/ind_2"),
        ("Annex VIII, Rule 11 MDR", "rule_11"),
        ("Rule 11 a of the MDR", "rule_11(a)"),
        ("Recital (19) of the MDR", "rec_19"),
        ("recitals 10 to 12 MDR", "rec_10 rec_11 rec_12"),
        ("Chapters II and III MDR", "chp_II chp_III"),
        ("forskrift 1476 § 6", "par_6"),
        ("§§ 4 og 5 forskrift 1476", "par_4 par_5"),
        ("§ 3-1 forskrift 1476", "par_3-1"),
    ],
)
def test_a_provision_and_its_act_are_one_citation(surface, provisions):
    assert [(one, codes) for one, _, codes in found(f"See {surface}.")] == [(surface, provisions)]


@pytest.mark.parametrize(
    ("surface", "provisions"),
    [
        ("Articles 83-86 MDR", "art_83 art_84 art_85 art_86"),
        ("Articles 83 – 85 MDR", "art_83 art_84 art_85"),
        ("Article 87 to Article 89 MDR", "art_87 art_88 art_89"),
        ("Art. 87(3) to (5) MDR", "art_87(3) art_87(4) art_87(5)"),
        ("Article 120(3) to (3b) MDR", "art_120(3) art_120(3a) art_120(3b)"),
        ("Article 2(30-32) MDR", "art_2(30) art_2(31) art_2(32)"),
        ("Article 87(1)(a) to (c) MDR", "art_87(1)(a) art_87(1)(b) art_87(1)(c)"),
        ("Annexes IX to XI MDR", "anx_IX anx_X anx_XI"),
        ("Annex IX-XI MDR", "anx_IX anx_X anx_XI"),
        ("Annex IX Sections 4.4 to 4.6 MDR", "anx_IX/4.4 anx_IX/4.5 anx_IX/4.6"),
        ("Article 31(4), 32 and 33 MDR", "art_31(4) art_32 art_33"),
        ("Articles 44(8), 48(1) and (5) MDR", "art_44(8) art_48(1) art_48(5)"),
        ("Articles 10, 12 and/or 14 MDR", "art_10 art_12 art_14"),
        ("MDR article 85 f", "art_85 art_86"),
        ("MDR article 83 ff", "art_83"),
    ],
)
def test_lists_and_ranges_are_expanded(surface, provisions):
    assert [(one, codes) for one, _, codes in found(f"See {surface}.")] == [(surface, provisions)]


@pytest.mark.parametrize(
    ("text", "provisions"),
    [
        ("Article 5 and 30 days later, MDR", "art_5"),
        ("Article 120, 26 May 2024, MDR", "art_120"),
        ("Article 5, 2017/745/EU", "art_5"),
        ("Annex I and I agree, MDR", "anx_I"),
        ("Article 5 and 2021 figures MDR", "art_5"),
        ("Article 9 to 3 MDR", "art_9"),
    ],
)
def test_numbers_that_are_no_provisions_do_not_go_on_with_a_list(text, provisions):
    assert found(text)[0][2] == provisions


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("**Article 10** of the *MDR* holds", "Article 10** of the *MDR"),
        ("**MDR Article 10** holds", "MDR Article 10"),
        ("(see MDR Article 10).", "MDR Article 10"),
        ("Annex\u00a0I\u202f(MDR)", "Annex\u00a0I\u202f(MDR)"),
        ("Article 2(1)\nMDR.", "Article 2(1)\nMDR"),
        ("the MDR's Annex I", "MDR's Annex I"),
        ("‘Article 10’ of the MDR", "Article 10’ of the MDR"),
        ("MDR Annex VIII (EU 2017/745)", "MDR Annex VIII (EU 2017/745)"),
    ],
)
def test_the_span_is_the_longest_that_names_both_and_no_more(text, surface):
    citation = only(text)
    assert text[citation.start : citation.end] == surface


def test_a_block_ends_every_citation():
    assert [one for one, _, _ in found("Article 10\n\nMDR")] == ["Article 10", "MDR"]
    assert [one for one, _, _ in found("- Article 10\n- MDR")] == ["Article 10", "MDR"]


@pytest.mark.parametrize(
    "text", ["Rule 1.3 MDR", "this article, MDR", "Section 3 MDR", "paragraph 3 MDR", "Annex A MDR"]
)
def test_what_names_no_provision_leaves_the_bare_act(text):
    assert found(text) == [("MDR", "MDR", "")]


@pytest.mark.parametrize(
    "text", ["Annex B of EN ISO 14971", "ISO 13485 chapter 7", "MDCG 2019-11 § 3", "Annex I of MDCG 2020-3"]
)
def test_parts_of_documents_are_no_provisions(text):
    assert [codes for _, _, codes in found(text)] == [""]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("MDR Article 220", "MDR has Articles 1 to 123 and 10a; Article 220 does not exist."),
        ("Annex XVIII MDR", "MDR has Annexes I to XVII; Annex XVIII does not exist."),
        ("Rules 22 and 23 of Annex VIII MDR", "MDR has Rules 1 to 22; Rule 23 does not exist."),
        ("Article 10b MDR", "MDR has Articles 1 to 123 and 10a; Article 10b does not exist."),
    ],
)
def test_a_provision_outside_the_act_says_how_far_the_act_goes(text, reason):
    citation = only(text)
    assert (citation.exists, citation.reason) == (False, reason)


def test_an_inserted_article_of_an_open_act_passes():
    assert only("Article 14b MDD").exists
    assert not only("Article 24 MDD").exists


def test_a_paragraph_that_is_missing_is_said_apart():
    citation = only("Article 22(9) of the MDR")
    assert citation.exists
    assert citation.reason == ""
    assert citation.paragraph_reason == "Article 22 of the MDR has paragraphs 1 to 6; 9 does not exist."
    assert only("Article 22(6) of the MDR").paragraph_reason == ""
