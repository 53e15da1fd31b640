-- wrk: sends the requests of the file $PLAN in order, again and again, and prints what came of it as one JSON line.
-- A line of the plan is path TAB content type TAB user agent TAB body.
local requests, turn = {}, 0

function init()
  for line in io.lines(os.getenv("PLAN")) do
    local path, kind, agent, body = line:match("^([^\t]+)\t([^\t]+)\t([^\t]*)\t(.*)$")
    local headers = { ["Host"] = wrk.host, ["Content-Type"] = kind, ["User-Agent"] = agent }
    table.insert(requests, wrk.format("POST", path, headers, body))
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format('JSON {"requests":%d,"seconds":%.6f,"rejected":%d,"broken":%d}\n', summary.requests,
    summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
