"""HL7 v2 ADT messages in: what the hospital's own system says about people on our units."""
