//! Draws fictitious Moroccan identity documents.
