-- wrk: nine board reads to one report, so that no read can be answered from an old state.
dofile("bench/writes.lua")
local write = request
local turn = 0
request = function()
  turn = turn + 1
  if turn % 10 == 0 then return write() end
  return wrk.format("GET", os.getenv("YIHU_BOARD"), {["Cookie"] = os.getenv("YIHU_COOKIE")})
end
