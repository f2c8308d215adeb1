-- wrk sends the requests of a file again and again: each a line with its length, then its bytes.
local requests, last = {}, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for length in file:lines() do
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("\nresult %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
