"""What a recording means: hearing it (speech) and reading it (analysis) in terms of one vocabulary (model)."""
