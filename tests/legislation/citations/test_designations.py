"""Names and numbers of acts and documents."""

import pytest

from .marked import found


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("Regulation (EU) 2017/745", "MDR"),
        ("Regulation 2017/745", "MDR"),
        ("Regulation 745/2017", "MDR"),
        ("2017/745/EU", "MDR"),
        ("EU 2017/746", "IVDR"),
        ("forordning (EU) 2017/745", "MDR"),
        ("Regulation (EU) on Medical Devices 2017/745", "MDR"),
        ("Council Directive 93/42/EEC", "MDD"),
        ("direktiv 93/42/EØF", "MDD"),
        ("Regulation (EU) No 1025/2012", "EU-2012-1025"),
        ("Regulation (EC) No 765/2008", "EC-2008-765"),
        ("Council Regulation (EC) No 1/2003", "EC-2003-1"),
        ("Directive 2001/83/EC", "EC-2001-83"),
        ("Directive 80/181/EEC", "EEC-80-181"),
        ("Decision No 768/2008/EC", "EC-2008-768"),
        ("Commission Implementing Regulation (EU) 2021/2226", "EU-2021-2226"),
        ("Commission Delegated Regulation (EU) 2023/502", "EU-2023-502"),
        ("General Product Safety Regulation (EU) 2023/988", "EU-2023-988"),
        ("2014/33/EU Lifts Directive", "EU-2014-33"),
        ("Reg. (EU) 2017/745", "MDR"),
        ("Dir. 93/42/EEC", "MDD"),
        ("Reg 2017/745", "MDR"),
        ("Regulation (EU) n° 2017/745", "MDR"),
        ("Regulation No. (EU) 2017/745", "MDR"),
        ("(EU) MDR 2017/745", "MDR"),
        ("EU-IVDR", "IVDR"),
        ("Regulation (EU) 2022/2554 (DORA)", "EU-2022-2554"),
    ],
)
def test_eu_acts_are_known_by_their_number_in_any_usual_form(surface, key):
    assert found(f"here {surface} applies.") == [(surface, key, "")]


@pytest.mark.parametrize(
    "surface",
    [
        "Medical Device Regulation (EU) 2017/745 (MDR)",
        "MDR (EU 2017/745)",
        "EU MDR 2017/745",
        "(MDR) Medical Device Regulation",
        "EU Medical Device Regulation (MDR 2017/745)",
        "Regulation (EU) 2017/745 (“MDR”)",
        "medical\n devices\u00a0regulation",
        "EU's MDR",
    ],
)
def test_designations_of_one_act_side_by_side_are_one_citation(surface):
    assert found(f"see {surface}, and so on") == [(surface, "MDR", "")]


def test_a_second_number_after_a_plural_is_an_act():
    assert found("Regulations (EU) 2017/745 and 2017/746") == [
        ("Regulations (EU) 2017/745", "MDR", ""),
        ("2017/746", "IVDR", ""),
    ]


def test_other_words_before_the_number_of_a_known_act_are_not_its_title():
    assert found("Help for Notified Bodies Regulation (EU) 2017/745") == [("Regulation (EU) 2017/745", "MDR", "")]


@pytest.mark.parametrize(
    "text",
    [
        "17/745",
        "version 2017/745 of the tool",
        "build 2021/2226",
        "lot 2017/746-A",
        "on 12/2017",
        "ratio 3/4",
        "a/2017/745/b",
    ],
)
def test_other_numbers_with_a_slash_are_no_acts(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("MDCG 2021-24", "MDCG-2021-24"),
        ("MDCG 2020-10/1 Rev. 1", "MDCG-2020-10-1"),
        ("MDCG-2019-11 rev.1", "MDCG-2019-11"),
        ("MDCG 2022 -9", "MDCG-2022-9"),
        ("MDCG 2022\u20119", "MDCG-2022-9"),
        ("ANSI/AAMI/ISO 14971:2019", "ISO-14971"),
        ("ISO 594", "ISO-594"),
        ("lov om medisinsk utstyr av 7. mai 2020 nr. 37", "NO-LOV-2020-05-07-37"),
        ("EN ISO 14971:2019+A11:2021", "ISO-14971"),
        ("EN ISO 14971:2019/A11:2021", "ISO-14971"),
        ("IEC 62304:2006/AMD1:2015", "IEC-62304"),
        ("IEC 60601-1-2:2014", "IEC-60601-1-2"),
        ("ISO/TR 24971:2020", "ISO-24971"),
        ("ISO/IEC 27001", "ISO-27001"),
        ("EN 62304", "EN-62304"),
        ("ISO13485", "ISO-13485"),
        ("NS-EN ISO 13485:2016", "ISO-13485"),
        ("LOV-2020-05-07-37", "NO-LOV-2020-05-07-37"),
        ("forskrift 9. mai 2021 nr. 1476", "NO-FOR-2021-05-09-1476"),
        ("Act of 7 May 2020 No. 37", "NO-LOV-2020-05-07-37"),
        ("Lov om medisinsk utstyr", "NO-LOV-2020-05-07-37"),
    ],
)
def test_guidance_standards_and_norwegian_law_are_known_by_their_number(surface, key):
    assert found(f"Use {surface}.") == [(surface, key, "")]


def test_guidance_may_be_listed_by_number_alone():
    assert [key for _, key, _ in found("MDCG 2020-5, 2020-6 and 2020-7")] == [
        f"MDCG-2020-{number}" for number in (5, 6, 7)
    ]


@pytest.mark.parametrize(
    "text", ["set ISO 400", "the ISO image", "en 62304 ganger", "MDCG meeting 2021", "Lov og rett 5"]
)
def test_what_only_begins_like_a_document_is_none(text):
    assert found(text) == []


def test_a_name_that_an_editor_adds_is_an_act_with_provisions():
    assert found("The Transparency Rules, Article 5, hold.") == [
        ("Transparency Rules, Article 5", "EU-2019-6", "art_5")
    ]


def test_a_short_name_minds_its_capitals_and_a_long_one_does_not():
    assert found("mdr and Mdr") == []
    assert found("the medical device regulation") == [("medical device regulation", "MDR", "")]


@pytest.mark.parametrize("text", ["MDR_FILE", "MDR-1000", "X_MDR", "MDR-FORM-7", "QX-IVDR", "AMDR", "MDR2"])
def test_a_name_inside_an_identifier_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["pre-MDR", "MDR-certified", "non-MDR", "MDR's"])
def test_a_name_inside_a_compound_is_a_citation(text):
    assert found(text) == [("MDR", "MDR", "")]


@pytest.mark.parametrize(
    "text",
    [
        "UK MDR 2002",
        "the Swiss Medical Device Directive",
        "MDR-TB",
        "MDR tuberculosis",
        "MDR strains of Klebsiella",
        "managed detection and response (MDR)",
        "The FDA asks for an electronic MDR.",
        "an MDR reportable event",
        "MDR here stands for medical device report",
        "UK-MDR",
        "The Medical Device Regulation (UK MDR) 2002 stays.",
        "File an MDR within thirty days.",
        "Your firm keeps MDR files for two years.",
        "MDR requirements are at https://www.fda.gov/mdr.",
        "The merchant pays an MDR. A merchant discount rate (MDR) is usual.",
        "MDR (Mass Data Recorder) and its buttons",
        "MDR and XDR cases rose by a fifth.",
        "We saw MDR in most E. coli and Klebsiella.",
        "MDR strains grew, and MDR was frequent.",
        "The Monthly Director's Report (MDR) is late; the MDR has no author.",
        "The Main Data Repository, MDR for short, is down.",
        "Less sleep goes with depression, and MDD with less of both.",
        "The fund had an MDD of 12 percent, a drawdown of two months.",
    ],
)
def test_other_senses_of_a_name_are_not_linked(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "FDA and MDR",
        "the new MDR regulation",
        "checked against MDR rules",
        "MDR/FDA",
        "The MDR asks more of cancer devices.",
        "an MDR certificate",
        "Medical Devices Regulation (MDR)",
    ],
)
def test_the_european_sense_needs_no_proof(text):
    assert [key for _, key, _ in found(text)] == ["MDR"]


def test_both_senses_may_stand_in_one_sentence():
    assert [key for _, key, _ in found("Kits for MDR tuberculosis follow the IVDR; pumps follow the MDR.")] == [
        "IVDR",
        "MDR",
    ]
