"""Which numbers of another system are a record of care, and which is the main one. Plain.

Every door asks here, so that somebody is known by the same numbers whichever way they came.
"""

from collections.abc import Collection

# Types of numbers that are not a record of care, or name a visit or an account. Never kept.
# HL7 table 0203, which FHIR uses too: http://terminology.hl7.org/CodeSystem/v2-0203
NOT_KEPT = frozenset(
    {"SS", "SSN", "DL", "DLN", "PPN", "PRC", "AN", "ANON", "ANC", "AND", "ANT", "VN", "VS", "MA"}
    | {"MC", "MCD", "MCN", "MCR", "BC", "BCT", "CC", "BA", "DS", "DI", "AM", "DR", "NPI", "TAX"}
    | {"EI", "EN", "MB", "SN", "WC", "CZ"}
)
# Who gives out such numbers, whatever the type says, in capitals.
NOT_KEPT_ISSUERS = frozenset(
    {"SSA", "USSSA", "URN:OID:2.16.840.1.113883.4.1", "2.16.840.1.113883.4.1"}
    | {"HTTP://HL7.ORG/FHIR/SID/US-SSN", "HTTP://HL7.ORG/FHIR/SID/US-MEDICARE"}
    | {"HTTP://HL7.ORG/FHIR/SID/US-MBI", "HTTP://HL7.ORG/FHIR/SID/US-NPI"}
)
ISSUER_UNKNOWN = frozenset({"hl7", "fhir"})  # of numbers that came without one, by the door
MAIN_FIRST = {"MR": 0, "MRN": 0, "PI": 1, "PT": 1, "": 2}
ONLY_OTHERS = (
    "holds only numbers that are not kept here, such as those of social security, a licence, "
    "an insurance or a visit. Send the number of the medical record (type MR)."
)


def is_kept(kinds: Collection[str], issuer: str) -> bool:
    """Return whether a number with these types (mostly one) and this issuer is a record of care."""
    civil = any(kind.upper() in NOT_KEPT for kind in kinds)
    return not civil and issuer.upper() not in NOT_KEPT_ISSUERS


def rank(kinds: Collection[str]) -> int:
    """Return how far from the main one a number with these types stands: 0 is a medical record."""
    return min((MAIN_FIRST.get(kind.upper(), 3) for kind in kinds or ("",)), default=3)
