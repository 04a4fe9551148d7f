"""The parts of a report, one module each: a Call and an audience go in, values of reports.report come out."""
