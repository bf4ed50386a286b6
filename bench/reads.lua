-- wrk: the plan board, as a signed-in leader's browser asks for it.
wrk.headers["Cookie"] = os.getenv("YIHU_COOKIE")
request = function() return wrk.format("GET", os.getenv("YIHU_BOARD")) end
