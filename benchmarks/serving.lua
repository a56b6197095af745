-- Drive wrk with the requests of a file, one target a line, over and over. Where the second argument is "distinct", every
-- request gets a name of its own as a comment at the end of its query, made of the third argument, which no other run may
-- have, and a number; so no answer can come from a cache.
local targets, at, sent, distinct, run, headers = {}, 0, 0, false, "", {}

function init(arguments)
  distinct = arguments[2] == "distinct"
  run = arguments[3]
  headers["Accept"] = arguments[4]
  for line in io.lines(arguments[1]) do
    targets[#targets + 1] = line
  end
end

function request()
  at = at % #targets + 1
  sent = sent + 1
  return wrk.format("GET", distinct and targets[at] .. "%20%23" .. run .. "-" .. sent or targets[at], headers)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %d %f %f\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
