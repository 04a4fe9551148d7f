"""What people were promised: consent by purpose, erasure, and how long anything is kept."""
