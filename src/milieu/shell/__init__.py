"""What every page stands in: base template, design tokens, sign-in pages, navigation."""
