-- Sends what a file says: its first line is the method, its second the body or nothing, the others are paths.
-- NUMBER in a body becomes a number that was never sent before. The third argument tells after how many of the paths the
-- first request stands. The result is printed as one line of JSON.
local threads = {}

function setup(thread)
  thread:set("place", #threads)
  table.insert(threads, thread)
end

-- Headers stand in the same order in each run, as those of one client do: wrk itself has them in any order, so that each
-- run was another client, for whom all answers were made and kept again.
local function request_of(path, content)
  local lines = { method .. " " .. path .. " HTTP/1.1" }
  for _, name in ipairs(names) do table.insert(lines, name .. ": " .. wrk.headers[name]) end
  if content ~= "" then table.insert(lines, "Content-Length: " .. #content) end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. content
end

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do table.insert(lines, line) end
  method, body, number = lines[1], lines[2], tonumber(args[2]) + place * 1000000
  paths, ready, names, position, others = {}, {}, {}, place + tonumber(args[3]), 0
  if body ~= "" then wrk.headers["Content-Type"] = "application/json" end
  for name in pairs(wrk.headers) do table.insert(names, name) end
  table.sort(names)
  for n = 3, #lines do
    table.insert(paths, lines[n])
    if body == "" then table.insert(ready, request_of(lines[n], body)) end
  end
end

function request()
  position = position + 1
  local place_in_file = position % #paths + 1
  if body == "" then return ready[place_in_file] end
  number = number + 1
  return request_of(paths[place_in_file], (body:gsub("NUMBER", string.format("%d", number))))
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"longest":%f,"refused":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    latency.max / 1e6, errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
