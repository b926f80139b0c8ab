"""Numbers of provisions: Arabic, Roman, lettered; and what lies between two of them."""

from functools import lru_cache

ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50}
LONGEST_NUMBER = 6
LONGEST_ROMAN = 8
LONGEST_RANGE = 300


@lru_cache(maxsize=4096)
def roman(text: str) -> int | None:
    """The value of a Roman numeral up to 89 in its only correct spelling, else None."""
    if not 0 < len(text) <= LONGEST_ROMAN:
        return None
    digits = [ROMAN_DIGITS.get(letter, 0) for letter in text.lower()]
    if not all(digits):
        return None
    total = 0
    for digit, following in zip(digits, [*digits[1:], 0], strict=True):
        total += -digit if digit < following else digit
    return total if to_roman(total) == text.upper() else None


def to_roman(number: int) -> str:
    tens = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX")
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return tens[number // 10] + ones[number % 10] if 0 < number < 90 else ""


@lru_cache(maxsize=4096)
def arabic(number: str) -> tuple[int | None, str]:
    """Value and letter: "10a" is (10, "a"), "XVII" is (17, ""), "IA" is (1, "a"); (None, "") for no number."""
    digits = len(number) - len(number.lstrip("0123456789"))
    if digits:
        letter = number[digits:].lower()
        is_number = digits <= LONGEST_NUMBER and len(letter) <= 1
        return (int(number[:digits]), letter) if is_number else (None, "")
    value = roman(number)
    if value is not None:
        return value, ""
    value = roman(number[:-1]) if number[-1:].isalpha() else None
    return (value, number[-1].lower()) if value is not None else (None, "")


@lru_cache(maxsize=1024)
def between(first: str, last: str) -> tuple[str, ...] | None:
    """What follows `first` up to and with `last`: 3 to 6, 3 to 3c, 3a to 3c, a to d, IX to XI, i to iv.

    None when the two are no range, or one longer than any that is written on purpose.
    """
    if first[:1].isdecimal() and last[:1].isdecimal():
        return _between_numbers(arabic(first), arabic(last))
    low, high = roman(first), roman(last)
    if low is not None and high is not None and (len(first) > 1 or len(last) > 1 or first.isupper()):
        steps = [to_roman(value) for value in range(low + 1, high + 1)]
        return tuple(steps if first.isupper() else [step.lower() for step in steps]) or None
    if len(first) == len(last) == 1 and first.isascii() and first.isalpha() and first < last:
        return tuple(chr(code) for code in range(ord(first) + 1, ord(last) + 1))
    return None


def _between_numbers(first: tuple[int | None, str], last: tuple[int | None, str]) -> tuple[str, ...] | None:
    (low, low_letter), (high, high_letter) = first, last
    if low is None or high is None or not 0 <= high - low <= LONGEST_RANGE or (low, low_letter) >= (high, high_letter):
        return None
    start = ord(low_letter) + 1 if low == high and low_letter else ord("a")
    letters = [f"{high}{chr(code)}" for code in range(start, ord(high_letter) + 1)] if high_letter else []
    return (*(str(value) for value in range(low + 1, high + 1)), *letters)
