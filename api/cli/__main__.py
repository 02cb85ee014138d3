"""``python -m api.cli`` is ``countygrid``."""

from api.cli.commands import main

main()
