"""Invented names and sign-ins. None is of a real person; the order is the draw."""

PASSWORD = "walk-softly-at-night"  # of every demo sign-in; it protects nothing
PIN = "482913"
ENROL_CODE = "DEMN-0RTH"

STAFF: tuple[tuple[str, str, str], ...] = (  # user name, name, role
    ("dana", "Dana Reyes", "technician"),
    ("sam", "Sam Okafor", "technician"),
    ("mia", "Mia Tanaka", "technician"),
    ("eli", "Eli Brandt", "technician"),
    ("rosalind", "Rosalind Moor", "technician"),
    ("jonas", "Jonas Feld", "technician"),
    ("ada", "Ada Nwosu", "technician"),
    ("victor", "Victor Salas", "technician"),
    ("june", "June Park", "technician"),
    ("lena", "Lena Ott", "lead"),
    ("marcus", "Marcus Hale", "lead"),
    ("iris", "Iris Vance", "lead"),
    ("nora", "Nora Lind", "nurse"),
    ("omar", "Omar Haddad", "nurse"),
    ("grace", "Grace Whitlow", "nurse"),
    ("petra", "Petra Holm", "prescriber"),
    ("teo", "Teo Marin", "therapist"),
    ("maud", "Maud Keller", "manager"),
    ("priya", "Priya Raman", "privacy"),
    ("ike", "Ike Sorensen", "it"),
)
SOUTH_STAFF: tuple[tuple[str, str, str], ...] = (
    ("theo", "Theo Banks", "technician"),
    ("sana", "Sana Amin", "nurse"),
)

GIVEN = (
    "Rosa John Anke Karim Lucia Peter Hana Miguel Edith Tomas Noor Walter Celia Ivan Maren Luis "
    "Agnes Felix Dora Samir Greta Hugo Ines Pavel Wilma Oscar Livia Bruno Thea Nils Carla Emil "
    "Selma Ruben Alma Viktor Nadia Arno Elisa Joost Mira Kasper Paula Stefan Runa Otto Yara Lars"
).split()
FAMILY = (
    "Martinez Tate Kowal Bashir Ferro Lund Sato Ortega Marsh Novak Rahman Fenn Duarte Petrov Holt "
    "Cano Byrne Adler Quist Haddad Vogel Lindt Prado Sokol Weiss Amaro Falk Conti Dahl Ruiz Stone "
    "Berger Mota Keane Olsen Varga Silva Mendez Krause Aalto Noll Reyes Brandt Solis Ebert Moreau"
).split()
PREFERRED = {"Miguel": "Migs", "Walter": "Walt", "Elisa": "Lis", "Samir": "Sami"}

CONCERNS = (
    "Left half of dinner, went to bed at seven",
    "Says she has not slept for two nights",
    "Gave his radio away this evening",
    "Up and down the hall since two",
    "One-word answers since this morning",
    "Asked twice when the doctor comes",
    "Kept the door closed, answered late",
    "Drank very little today",
)
ANSWERS = (
    "Sat with her for ten minutes, she will come to group.",
    "Talked with him. Plan looked at again, level stays.",
    "Offered tea and a quiet room, accepted.",
    "Told the prescriber, seen at once.",
    "Looked in, vital signs taken, fine.",
)
NOTES = (
    "Asked for an extra blanket.",
    "Humming to herself.",
    "Writing a letter.",
    "Said good night.",
    "Asked for the light to be left on.",
)
