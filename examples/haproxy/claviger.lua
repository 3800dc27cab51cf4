-- Asks Claviger about each request and answers its denials. It needs nothing but HAProxy 2.5 or later, and decides nothing itself.

-- Of the hop between client and proxy, or written anew below.
local NOT_ASKED = {
    ["host"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["connection"] = true,
    ["keep-alive"] = true, ["te"] = true, ["trailer"] = true, ["upgrade"] = true, ["expect"] = true,
    ["proxy-connection"] = true, ["proxy-authorization"] = true,
    ["x-forwarded-for"] = true, ["x-forwarded-method"] = true, ["x-forwarded-uri"] = true,
    ["x-forwarded-host"] = true, ["x-forwarded-connection"] = true, ["claviger-proxy-secret"] = true,
}

-- What must not reach the application beside the names that begin with claviger: the key, and what could make it serve
-- something else than was judged. Compared with - for _, because applications often take the two for one.
local TAKEN = {
    ["authorization"] = true, ["x-api-key"] = true,
    ["x-http-method"] = true, ["x-http-method-override"] = true, ["x-method-override"] = true,
    ["forwarded"] = true, ["x-forwarded-for"] = true, ["x-forwarded-host"] = true, ["x-forwarded-proto"] = true,
    ["x-real-ip"] = true, ["x-client-ip"] = true, ["true-client-ip"] = true, ["cf-connecting-ip"] = true,
    ["x-request-id"] = true, ["expect"] = true,
}

-- Of the hop between proxy and Claviger.
local NOT_TOLD = {
    ["connection"] = true, ["keep-alive"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["date"] = true,
}

local UNAVAILABLE = '{"error":{"code":"store_unavailable","message":"The API key cannot be checked at the moment."}}'

local function list(values)
    local found = {}
    for index = 0, #values do
        if values[index] ~= nil then found[#found + 1] = values[index] end
    end
    return found
end

local function question(txn, secret)
    local sent = txn.http:req_get_headers()
    local headers = {}
    for name, values in pairs(sent) do
        if not NOT_ASKED[name] then headers[name] = list(values) end
    end
    headers["claviger-proxy-secret"] = { secret }
    headers["x-forwarded-method"] = { txn.sf:method() }
    headers["x-forwarded-uri"] = { txn.sf:pathq() }
    headers["x-forwarded-host"] = { txn.sf:req_fhdr("host") }
    if sent["connection"] ~= nil then headers["x-forwarded-connection"] = list(sent["connection"]) end
    local hops = list(sent["x-forwarded-for"] or {})
    hops[#hops + 1] = txn.sf:src()
    headers["x-forwarded-for"] = { table.concat(hops, ", ") }
    return headers
end

local function refuse(txn, status, reason, headers, body)
    txn:done(txn:reply({ status = status, reason = reason, headers = headers, body = body }))
end

local function ask(txn, url, secret)
    local answer = core.httpclient():get({ url = url, headers = question(txn, secret) })
    local headers = {}
    for name, values in pairs(answer.headers or {}) do
        if not NOT_TOLD[name] then headers[name] = list(values) end
    end
    if answer.status == 204 and headers["claviger-key-id"] ~= nil then
        for name in pairs(txn.http:req_get_headers()) do
            local folded = name:gsub("_", "-")
            if TAKEN[folded] or folded:sub(1, 8) == "claviger" then txn.http:req_del_header(name) end
        end
        local told = {}
        for name, values in pairs(headers) do
            if name:sub(1, 9) == "claviger-" then
                txn.http:req_set_header(name, values[1])
            elseif name ~= "cache-control" then
                told[name] = values[1]
            end
        end
        txn.http:req_set_header("x-request-id", told["x-request-id"])
        txn:set_priv(told)
        txn:set_var("txn.claviger", "allowed")
        return
    end
    -- A 200 that is not Claviger's own lets nobody through either.
    if answer.status == nil or answer.status < 400 or headers["x-request-id"] == nil and answer.status >= 500 then
        return refuse(txn, 503, "Service Unavailable", {
            ["content-type"] = { "application/json; charset=utf-8" },
            ["cache-control"] = { "no-store" },
            ["retry-after"] = { "1" },
        }, UNAVAILABLE)
    end
    refuse(txn, answer.status, answer.reason, headers, answer.body)
end

-- The usage headers, in place of what the application says under these names.
local function tell(txn)
    for name, value in pairs(txn:get_priv() or {}) do txn.http:res_set_header(name, value) end
end

core.register_action("claviger_ask", { "http-req" }, ask, 2)
core.register_action("claviger_tell", { "http-res" }, tell, 0)
