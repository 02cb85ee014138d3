"""Pictures: map pages, legends, texts and the static files they need."""
