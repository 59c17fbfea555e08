"""Pure rules: functions of frozen values and ``now``; no clock, no chance, no database, no framework."""
