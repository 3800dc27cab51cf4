// What the server does in one step: the arithmetic of policy/limit.ts and the rules of memory/counters.ts in Lua, all limits of a
// request or none. It tells what is used; what that means to a caller is worked out by policy/limit.ts itself.
import { createHash } from "node:crypto";

/** What is done with the takes. */
export type Operation = "take" | "peek" | "giveBack" | "release" | "renew";

/** Arguments of one take: "rate", limit, window in ms, burst, weight; or "places", limit, slot, "", "". */
export const ARGUMENTS_PER_TAKE = 5;

/**
 * KEYS: one for each take. ARGV: operation, the time in milliseconds or "" for the server's own, how long a place is held, how
 * much longer than it is needed a key is kept, then the arguments of each take.
 *
 * Answers texts: which take was refused (0 for none), the time that was used, and for each take "used at" of a rate ("" when nothing
 * is used) or the number of places held. A rate is kept as "used at" with 17 digits, which give back the same double.
 *
 * Every expression stands in the order of its counterpart in policy/limit.ts, so that both round alike.
 */
export const SCRIPT = `
local ROUNDING = 1e-6
local operation, now = ARGV[1], tonumber(ARGV[2])
local slotTtl, margin = tonumber(ARGV[3]), tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function exact(number)
  return string.format('%.17g', number)
end

local uses = {}
local function useOf(key)
  if uses[key] == nil then
    local text = redis.call('GET', key)
    if text then
      local used, at = string.match(text, '^(%S+) (%S+)$')
      uses[key] = { used = tonumber(used), at = tonumber(at) }
    else
      uses[key] = false
    end
  end
  return uses[key]
end

local function latest(use)
  return use and math.max(use.at, now) or now
end

local function usedAt(limit, use)
  if not use then return 0 end
  local held = use.used
  if held > limit.burst + ROUNDING then held = limit.burst end
  return math.max(0, held - ((latest(use) - use.at) * limit.limit) / limit.windowMs)
end

local function millisecondsFor(limit, units)
  if limit.limit == 0 then return 0 end
  return math.max(0, math.ceil(((units - ROUNDING / 2) * limit.windowMs) / limit.limit))
end

local function keepUse(limit, used)
  local at = latest(useOf(limit.key))
  uses[limit.key] = { used = used, at = at }
  local keepMs = at - now + millisecondsFor(limit, used) + margin
  redis.call('SET', limit.key, exact(used) .. ' ' .. exact(at), 'PX', string.format('%.0f', keepMs))
end

local function heldPlaces(limit)
  redis.call('ZREMRANGEBYSCORE', limit.key, '-inf', exact(now))
  return redis.call('ZCARD', limit.key)
end

local function holdPlace(limit)
  redis.call('ZADD', limit.key, exact(now + slotTtl), limit.slot)
  redis.call('PEXPIRE', limit.key, string.format('%.0f', slotTtl + margin))
end

local function spent(limit)
  if limit.limit == 0 then return nil end
  local used = usedAt(limit, useOf(limit.key)) + limit.weight
  if used <= limit.burst + ROUNDING then return used end
  return nil
end

local function admits(limit)
  if limit.slot then return heldPlaces(limit) < limit.limit end
  return spent(limit) ~= nil
end

local function take(limit)
  if limit.slot then return holdPlace(limit) end
  local used = spent(limit)
  if used then keepUse(limit, used) end
end

local function giveBack(limit)
  if limit.slot then return redis.call('ZREM', limit.key, limit.slot) end
  local use = useOf(limit.key)
  if use then keepUse(limit, math.max(0, usedAt(limit, use) - limit.weight)) end
end

local function tell(limit)
  if limit.slot then return string.format('%d', heldPlaces(limit)) end
  local use = useOf(limit.key)
  if not use then return '' end
  return exact(use.used) .. ' ' .. exact(use.at)
end

local limits = {}
for index, key in ipairs(KEYS) do
  local first = 5 + (index - 1) * ${ARGUMENTS_PER_TAKE}
  local limit = { key = key, limit = tonumber(ARGV[first + 1]) }
  if ARGV[first] == 'places' then
    limit.slot = ARGV[first + 2]
  else
    limit.windowMs, limit.burst = tonumber(ARGV[first + 2]), tonumber(ARGV[first + 3])
    limit.weight = tonumber(ARGV[first + 4])
  end
  limits[index] = limit
end

local refused = 0
if operation == 'take' then
  for index, limit in ipairs(limits) do
    if not admits(limit) then
      refused = index
      break
    end
  end
  if refused == 0 then
    for _, limit in ipairs(limits) do take(limit) end
  end
elseif operation == 'giveBack' or operation == 'release' then
  for _, limit in ipairs(limits) do giveBack(limit) end
elseif operation == 'renew' then
  for _, limit in ipairs(limits) do holdPlace(limit) end
end

local answer = { string.format('%d', refused), exact(now) }
if operation == 'take' or operation == 'peek' then
  for index, limit in ipairs(limits) do answer[index + 2] = tell(limit) end
end
return answer
`;

/** By which a server knows the script once it has seen it. */
export const SCRIPT_SHA = createHash("sha1").update(SCRIPT).digest("hex");
