"""An invented unit that lives: people, staff and days of checks, all from one seed."""
