"""Check digits of national and financial numbers; the functions take them without separators."""

from __future__ import annotations

_SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_VEHICLE_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_VEHICLE_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def luhn(number: str) -> bool:
    """Tell whether a number passes the Luhn test (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [divmod(2 * digit, 10) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(tens + ones for tens, ones in doubled)) % 10 == 0


def iban(number: str) -> bool:
    """Tell whether an account number passes ISO 13616's test modulo 97."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def aba_routing(number: str) -> bool:
    """Tell whether nine digits are a routing number of a bank of the United States."""
    weights = (3, 7, 1) * 3
    return _weighted(number, weights) % 10 == 0 and (int(number[:2]) <= 12 or 21 <= int(number[:2]) <= 32)  # noqa: PLR2004 - the Federal Reserve's districts


def cpf(number: str) -> bool:
    """Tell whether eleven digits are a Brazilian taxpayer number."""
    if len(set(number)) == 1:
        return False
    return all(
        (10 * _weighted(number[:size], range(size + 1, 1, -1)) % 11) % 10 == int(number[size])
        for size in (9, 10)
    )


def cnpj(number: str) -> bool:
    """Tell whether fourteen digits are the number of a Brazilian legal entity."""
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return all(
        _weighted(number[:size], weights[13 - size :]) % 11 in _cnpj_rests(int(number[size]))
        for size in (12, 13)
    )


def _cnpj_rests(check: int) -> tuple[int, ...]:
    return (0, 1) if check == 0 else (11 - check,)


def nhs(number: str) -> bool:
    """Tell whether ten digits are a number of the National Health Service of England."""
    check = 11 - _weighted(number[:9], range(10, 1, -1)) % 11
    return check % 11 == int(number[9])


def spanish_id(number: str) -> bool:
    """Tell whether eight digits (the first perhaps X, Y, Z) and a letter are a Spanish DNI or NIE."""
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return _SPANISH_LETTERS[int(digits) % 23] == number[-1]


def german_tax_id(number: str) -> bool:
    """Tell whether eleven digits are a German tax identification number (ISO 7064, modulo 11, 10)."""
    product = 10
    for digit in number[:10]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return number[0] != "0" and (11 - product) % 10 == int(number[10])


def french_social_security(number: str) -> bool:
    """Tell whether thirteen digits and a key of two are a French social security number."""
    return 97 - int(number[:13]) % 97 == int(number[13:])


def dutch_citizen(number: str) -> bool:
    """Tell whether nine digits pass the eleven test of the Netherlands."""
    return _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and int(number) > 0


def polish_id(number: str) -> bool:
    """Tell whether eleven digits are a Polish PESEL."""
    return _weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def australian_tax_file(number: str) -> bool:
    """Tell whether nine digits are an Australian tax file number."""
    return _weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def drug_enforcement(number: str) -> bool:
    """Tell whether two letters and seven digits are a registration of the Drug Enforcement Administration."""
    digits = number[2:]
    return (_weighted(digits[:6], (1, 2, 1, 2, 1, 2))) % 10 == int(digits[6])


def vehicle(number: str) -> bool:
    """Tell whether seventeen characters are a vehicle identification number with a check digit."""
    values = [_VEHICLE_VALUES.get(character) or int(character) for character in number]
    rest = sum(value * weight for value, weight in zip(values, _VEHICLE_WEIGHTS, strict=True)) % 11
    return number[8] == "0123456789X"[rest]


def _weighted(digits: str, weights: tuple[int, ...] | range) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
