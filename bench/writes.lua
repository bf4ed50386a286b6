-- wrk: a progress report per request, each an operation of its own, so that none is taken for a repeat.
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("thread_no", threads)
end
-- YIHU_PAUSE_MS: how long each connection rests between two requests; missing, it never rests.
local pause = tonumber(os.getenv("YIHU_PAUSE_MS") or "0")
if pause > 0 then
  function delay() return pause end
end
local count = 0
local begin = os.time()
request = function()
  count = count + 1
  local operation = string.format("%08x-%04x-7000-8000-%012x", begin, thread_no, count)
  return wrk.format("POST", "/api/v1/measures/" .. os.getenv("YIHU_MEASURE") .. "/reports", {
    ["Cookie"] = os.getenv("YIHU_COOKIE"), ["X-CSRF-Token"] = os.getenv("YIHU_TOKEN"),
    ["Content-Type"] = "application/json", ["Operation-Id"] = operation,
  }, '{"done":false,"text":"本周走访两户，水质检测已送样。","evidence":[]}')
end
