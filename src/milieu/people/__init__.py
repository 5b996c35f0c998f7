"""Who may sign in, their roles and phones, and what they may do where."""
