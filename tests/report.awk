# Reads the XML results of Catch2 test programs: shows every failure in full, then counts test cases.
# A test case that cannot run where it is says so by WARN("skipped: …") and counts as skipped.

function attribute(line, name) {
  if (!match(line, " " name "=\"[^\"]*\"")) return ""
  return plain(substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4))
}

function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&amp;/, "\\&", text)
  return text
}

# One line of a failed test case, as people read it.
function show(line,   where) {
  where = attribute(line, "filename") ":" attribute(line, "line")
  if (line ~ /<TestCase /) print "FAILED  " attribute(line, "name") "\n        " where
  else if (line ~ /<Section /) print "        in: " attribute(line, "name")
  else if (line ~ /<Expression /) print "        " where ": " attribute(line, "type")
  else if (line ~ /<(Failure|Exception|FatalErrorCondition)/) print "        " (where == ":" ? "" : where ": ") "failed"
  else if (line ~ /<Expanded>/) print "          that is"
  else if (line !~ /^ *<\/?[A-Za-z]+[^>]*\/?>$/) { sub(/^ +/, "", line); print "          " plain(line) }
}

function finish(   i) {
  if (program == "") return
  if (!complete) { died++; print "FAILED  " program " ended before its tests did" }
}

FNR == 1 { finish(); program = FILENAME; sub(/.*\//, "", program); sub(/-[0-9]*\.xml$/, "", program); complete = 0; whole = 0; program_skipped = 0 }
/<\/Group>/ { whole = 1 } # what follows sums up the whole program
/<TestCase / { count = 0; failed = 0; skip = 0 }
{ lines[count++] = $0 }
/<OverallResult success="false"/ { failed = 1 }
/^ *skipped: / { skip = 1 }
/<\/TestCase>/ {
  if (failed) for (i = 0; i < count; i++) show(lines[i])
  else program_skipped += skip
  count = 0
}
whole && /<OverallResultsCases / {
  complete = 1
  skipped += program_skipped
  passes += attribute($0, "successes") + attribute($0, "expectedFailures")
  failures += attribute($0, "failures")
}

END {
  finish()
  printf "%d passed, %d failed%s\n", passes - skipped, failures + died, skipped ? sprintf(", %d skipped", skipped) : ""
  exit failures + died > 0
}
