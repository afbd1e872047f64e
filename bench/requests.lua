-- Sends what a file says: its first line is the method, its second the body or nothing, the others are paths.
-- NUMBER in a body becomes a number that was never sent before. The third argument tells after how many of the paths the
-- first request stands. The result is printed as one line of JSON.
local threads = {}

function setup(thread)
  thread:set("place", #threads)
  table.insert(threads, thread)
end

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do table.insert(lines, line) end
  method, body, number = lines[1], lines[2], tonumber(args[2]) + place * 1000000
  paths, ready, position, others = {}, {}, place + tonumber(args[3]), 0
  for n = 3, #lines do
    table.insert(paths, lines[n])
    if body == "" then table.insert(ready, wrk.format(method, lines[n])) end
  end
  if body ~= "" then wrk.headers["Content-Type"] = "application/json" end
end

function request()
  position = position + 1
  local place_in_file = position % #paths + 1
  if body == "" then return ready[place_in_file] end
  number = number + 1
  return wrk.format(method, paths[place_in_file], nil, (body:gsub("NUMBER", string.format("%d", number))))
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"longest":%f,"refused":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    latency.max / 1e6, errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
