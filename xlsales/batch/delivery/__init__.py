"""What a batch does so that planners reach people: names, details, a list for a mail merge, PDFs, one currency."""
