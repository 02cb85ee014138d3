"""Accounts: from the first administrator to the last sign-out."""
