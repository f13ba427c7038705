#!/usr/bin/env node
// A small Proxy-Wasm (ABI 0.1.0 .. 0.2.1) host for benchmarks, on Node's V8.
// Usage and caveats: README.md beside this file.
//
// The rules it is built by: every module sees the same host functions at the
// same cost; all values are encoded before the clock starts; nothing is
// allocated per hostcall on the host's side; every increment is checked at the
// end against counts the host keeps from the request sequence itself.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const OK = 0, NOT_FOUND = 1, BAD_ARGUMENT = 2, UNIMPLEMENTED = 12;
const enc = new TextEncoder(), dec = new TextDecoder();
const bytes = (s) => (typeof s === 'string' ? enc.encode(s) : s);
const i64le = (n) => { const b = new Uint8Array(8); new DataView(b.buffer).setBigInt64(0, BigInt(n), true); return b; };

const { values: opt, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string', default: '' },                        // text, or @file
    'vm-config': { type: 'string', default: '' },
    requests: { type: 'string', default: 'auto' },                  // per round; auto: about a second's worth
    rounds: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '' },                        // default: one pass of the sequence, 2^20
    identities: { type: 'string', default: '1000' },
    'limited-every': { type: 'string', default: '8' },              // 1 in n requests answers 429; 0: none
    inflight: { type: 'string', default: '1' },                     // contexts open at once
    host: { type: 'string', default: 'test.example.com' },          // :authority
    prop: { type: 'string', multiple: true, default: [] },          // a.b.c=text | a|b|c=text ; {user} {group} allowed alone
    'request-header': { type: 'string', multiple: true, default: [] }, // name=value ; {user} {group} allowed alone
    'response-header': { type: 'string', multiple: true, default: [] },
    grpc: { type: 'string', multiple: true, default: [] },          // Method=hex of the reply message
    expect: { type: 'string', default: 'lossless' },                // lossless | chargeback | go-metrics | none
    'ignore-prefix': { type: 'string', default: 'nametag_' },          // a filter's metrics about itself
    'expect-prefix': { type: 'string', default: '' },               // default: what the profile writes
    'log-level': { type: 'string', default: '2' },
    log: { type: 'boolean', default: false },
    dump: { type: 'string', default: '' },                          // print the first n counters
    json: { type: 'boolean', default: false },
    name: { type: 'string', default: '' },
  },
});
const modulePath = positionals[0];
if (!['lossless', 'chargeback', 'go-metrics', 'none'].includes(opt.expect)) { console.error(`--expect ${opt.expect}: expected lossless, chargeback, go-metrics or none`); process.exit(2); }
if (!modulePath) { console.error('usage: node host.mjs MODULE.wasm [options], see README.md'); process.exit(2); }
let N = +opt.requests; const ROUNDS = +opt.rounds, K = +opt.identities, INFLIGHT = +opt.inflight;
const LIMITED_EVERY = +opt['limited-every'];
const WARM = opt.warmup === '' ? 1 << 20 : +opt.warmup;
const text = (v) => bytes(v.startsWith('@') ? readFileSync(v.slice(1), 'utf8') : v);
const pluginConfig = text(opt.config), vmConfig = text(opt['vm-config']);

// ---------------------------------------------------------------- identities
// user "user_" + 7 base-36 digits, group one of 7 names; flat byte pools.
const NAMESPACE = 'llm_d';
const GROUPS = ['premium', 'free', 'enterprise', 'trial', 'internal', 'partner', 'research'];
const users = [], groups = [];
for (let k = 0; k < K; k++) {
  users.push('user_' + ((k * 2654435761) >>> 0).toString(36).padStart(7, '0'));
  groups.push(GROUPS[k % GROUPS.length]);
}
const pool = (list) => {
  const parts = list.map(bytes), off = new Int32Array(list.length + 1);
  parts.forEach((p, i) => { off[i + 1] = off[i] + p.length; });
  const buf = new Uint8Array(off[list.length]);
  parts.forEach((p, i) => buf.set(p, off[i]));
  return { buf, off };
};
const userPool = pool(users), groupPool = pool(groups);
const STATUS = pool(['200', '429']), CODE = { buf: new Uint8Array([...i64le(200), ...i64le(429)]), off: Int32Array.of(0, 8, 16) };
// what Envoy says of an upstream's 200 and of a global rate limit's 429 (flag RL = 0x800)
const FLAGS = { buf: new Uint8Array([...i64le(0), ...i64le(0x800)]), off: Int32Array.of(0, 8, 16) };
const DETAILS = pool(['via_upstream', 'request_rate_limited']);
const one = (b) => ({ buf: bytes(b), off: Int32Array.of(0, bytes(b).length) });

// The request sequence: 2^20 pre-drawn identities and outcomes, replayed.
const SEQ = 1 << 20, seqId = new Int32Array(SEQ), seqLimited = new Uint8Array(SEQ);
{
  let x = 0x9e3779b9;
  const rnd = () => { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; return x >>> 0; };
  for (let i = 0; i < SEQ; i++) { seqId[i] = rnd() % K; seqLimited[i] = LIMITED_EVERY && rnd() % LIMITED_EVERY === 0 ? 1 : 0; }
}

// ------------------------------------------------------------------- values
// An entry answers a lookup: `which` says what indexes its pool
// (0 fixed, 1 identity, 2 outcome).
class Entry {
  constructor(key, pool, which) {
    this.key = bytes(key); this.pool = pool; this.which = which;
    this.words = new Int32Array(this.key.length >> 2);
    const dv = new DataView(this.key.buffer, this.key.byteOffset, this.key.length);
    for (let i = 0; i < this.words.length; i++) this.words[i] = dv.getInt32(i * 4, true);
  }
}
const valueOf = (v) => (v === '{user}' ? [userPool, 1] : v === '{group}' ? [groupPool, 1]
  : v === '{status}' ? [STATUS, 2] : v === '{code}' ? [CODE, 2]
  : v === '{flags}' ? [FLAGS, 2] : v === '{details}' ? [DETAILS, 2] : [one(v), 0]);
const byLength = (entries) => {
  const t = new Array(256).fill(null);
  for (const e of entries) (t[e.key.length] ??= []).push(e);
  return t;
};
const reqHeaders = [[':authority', opt.host], [':path', '/v1/chat/completions'], [':method', 'POST'], [':scheme', 'http'],
  ['user-agent', 'curl/8.5.0'], ['accept', '*/*'], ['content-type', 'application/json'], ['content-length', '412'],
  ['x-forwarded-proto', 'http'], ['x-request-id', '2f3c9c6e-64d7-4a0c-9a8e-0d1c5d6b7a10'],
  ['x-user', '{user}'], ['x-group', '{group}'], ['my-custom-header', '{user}'],
  ...opt['request-header'].map((h) => [h.slice(0, h.indexOf('=')), h.slice(h.indexOf('=') + 1)])];
const resHeaders = [[':status', '{status}'], ['content-type', 'application/json'], ['content-length', '1733'],
  ['server', 'istio-envoy'], ['x-envoy-upstream-service-time', '12'],
  ...opt['response-header'].map((h) => [h.slice(0, h.indexOf('=')), h.slice(h.indexOf('=') + 1)])];
const props = [
  [['metadata', 'filter_metadata', 'envoy.filters.http.ext_authz', 'userid'], '{user}'],
  [['metadata', 'filter_metadata', 'envoy.filters.http.ext_authz', 'group'], '{group}'],
  [['metadata', 'filter_metadata', 'envoy.filters.http.ext_authz', 'groups'], '{group}'],
  [['metadata', 'filter_metadata', 'envoy.filters.http.ext_authz', 'identity', 'userid'], '{user}'],
  [['metadata', 'filter_metadata', 'envoy.filters.http.ext_authz', 'identity', 'groups'], '{group}'],
  [['filter_state', 'wasm.kuadrant.auth.identity.userid'], '{user}'],
  [['filter_state', 'wasm.kuadrant.auth.identity.groups'], '{group}'],
  [['response', 'code'], '{code}'], [['response', 'flags'], '{flags}'], [['response', 'code_details'], '{details}'],
  [['request', 'host'], opt.host], [['request', 'path'], '/v1/chat/completions'],
  [['request', 'url_path'], '/v1/chat/completions'], [['request', 'method'], 'POST'], [['request', 'scheme'], 'http'],
  [['request', 'protocol'], 'HTTP/1.1'], [['request', 'id'], '2f3c9c6e-64d7-4a0c-9a8e-0d1c5d6b7a10'],
  [['source', 'address'], '10.1.2.3:45678'], [['source', 'port'], i64le(45678)],
  [['xds', 'node', 'metadata', 'NAMESPACE'], NAMESPACE], [['node', 'metadata', 'NAMESPACE'], NAMESPACE],
  [['plugin_name'], 'bench'], [['plugin_root_id'], 'bench'], [['plugin_vm_id'], 'bench'],
  ...opt.prop.map((p) => { const e = p.indexOf('='); const k = p.slice(0, e); return [k.split(k.includes('|') ? '|' : '.'), p.slice(e + 1)]; }),
].map(([path, v]) => new Entry(path.join('\0'), ...(typeof v === 'string' ? valueOf(v) : [one(v), 0])));
const headerEntries = (hs) => hs.map(([k, v]) => new Entry(k, ...valueOf(v)));
const PROPS = byLength(props), REQ = headerEntries(reqHeaders), RES = headerEntries(resHeaders);
const HEADERS = [byLength(REQ), byLength([]), byLength(RES), byLength([])];
const PAIRS = [REQ, [], RES, []];

const hex = (h) => Uint8Array.from(h.match(/../g) ?? [], (x) => parseInt(x, 16));
// RateLimitResponse{overall_code: OK}; CheckResponse{status{}, ok_response{}}
const grpcReplies = new Map([['ShouldRateLimit', hex('0801')], ['Check', hex('0a001a00')],
  ...opt.grpc.map((g) => [g.slice(0, g.indexOf('=')), hex(g.slice(g.indexOf('=') + 1))])]);

// --------------------------------------------------------------------- host
const adapterModule = new WebAssembly.Module(Buffer.from(
  'AGFzbQEAAAABKAZgAn9/AX9gA39/fwF/YAF/AX9gAn9+AX9gA39+fwF/YAR/fn9/AX8CFAIBaAVjbG9jawAAAWgEc2VlawABAwYFAgMDBAUFAwEAEAYLAn8BQQALfwFBAAsHYQcDbWVtAgAFc2xvdHMDAAVjYWxscwMBFnByb3h5X2luY3JlbWVudF9tZXRyaWMAAxNwcm94eV9yZWNvcmRfbWV0cmljAAQOY2xvY2tfdGltZV9nZXQABQdmZF9zZWVrAAYKswEFEAAgAEECdkEDbCAAQQNxagtTAQJ/IwFBAWokASAAQQNxIQMgABACIQIgAiMATwRAQQEPCyADQQJPBEBBAg8LIANFIAFCAFNxBEBBAg8LIAJBA3QhAiACIAIpAwAgAXw3AwBBAAs4AQF/IwFBAWokASAAEAIhAiACIwBPBEBBAQ8LIABBA3FFBEBBAg8LIAJBA3QhAiACIAE3AwBBAAsIACAAIAIQAAsKACAAIAIgAxABCw==', 'base64'));

function makeHost(counting, seqId, seqLimited) {
  let memory, u8 = new Uint8Array(0), dv = null, malloc = null;
  let cur = 0;                       // index into the sequence: the current request
  const counts = new Map();          // only when counting
  const names = [[], [], []];        // metric names by type, in id order
  const logs = [];
  let buffer = new Uint8Array(0);    // what get_buffer_bytes of a gRPC reply gives
  const grpcQueue = [];              // [token, reply]
  let token = 0, time = 1790000000, localReplies = 0, stdout = '';
  const view = () => { u8 = new Uint8Array(memory.buffer); dv = new DataView(memory.buffer); };

  const find = (table, p, n) => {
    const c = n < 256 ? table[n] : null;
    if (c === null) return null;
    next: for (let j = 0; j < c.length; j++) {
      const e = c[j], w = e.words, m = w.length;
      for (let i = 0; i < m; i++) if (dv.getInt32(p + (i << 2), true) !== w[i]) continue next;
      for (let i = m << 2; i < n; i++) if (u8[p + i] !== e.key[i]) continue next;
      return e;
    }
    return null;
  };
  const emit = (buf, from, n, pp, sp) => {
    let ptr = 0;
    if (n > 0) {
      ptr = malloc(n);
      if (u8.length === 0) view();
      if (ptr === 0) return 10;
      for (let i = 0; i < n; i++) u8[ptr + i] = buf[from + i];
    }
    dv.setInt32(pp, ptr, true); dv.setInt32(sp, n, true);
    return OK;
  };
  const emitEntry = (e, pp, sp) => {
    const i = e.which === 1 ? seqId[cur] : e.which === 2 ? seqLimited[cur] : 0;
    const o = e.pool.off;
    return emit(e.pool.buf, o[i], o[i + 1] - o[i], pp, sp);
  };
  const str = (p, n) => { if (u8.length === 0) view(); return dec.decode(u8.subarray(p, p + n)); };

  const adapter = new WebAssembly.Instance(adapterModule, { h: {
    clock: (id, p) => { if (u8.length === 0) view(); dv.setBigUint64(p, BigInt(time++) * 1000000000n, true); return 0; },
    seek: () => 70,
  } }).exports;

  const env = {
    proxy_get_property(p, n, pp, sp) {
      if (u8.length === 0) view();
      if (n > 0 && u8[p + n - 1] === 0) n--;
      const e = find(PROPS, p, n);
      return e === null ? NOT_FOUND : emitEntry(e, pp, sp);
    },
    proxy_get_header_map_value(type, p, n, pp, sp) {
      if (u8.length === 0) view();
      if (type > 3) return BAD_ARGUMENT;
      const e = find(HEADERS[type], p, n);
      return e === null ? NOT_FOUND : emitEntry(e, pp, sp);
    },
    proxy_get_header_map_pairs(type, pp, sp) {
      if (u8.length === 0) view();
      const list = PAIRS[type] ?? [];
      let n = 4;
      for (const e of list) { const i = e.which === 1 ? seqId[cur] : e.which === 2 ? seqLimited[cur] : 0; n += 10 + e.key.length + e.pool.off[i + 1] - e.pool.off[i]; }
      let q = malloc(n);
      if (u8.length === 0) view();
      dv.setInt32(pp, q, true); dv.setInt32(sp, n, true);
      dv.setInt32(q, list.length, true);
      let d = q + 4 + 8 * list.length; q += 4;
      for (const e of list) {
        const i = e.which === 1 ? seqId[cur] : e.which === 2 ? seqLimited[cur] : 0, from = e.pool.off[i], len = e.pool.off[i + 1] - from;
        dv.setInt32(q, e.key.length, true); dv.setInt32(q + 4, len, true); q += 8;
        for (let j = 0; j < e.key.length; j++) u8[d++] = e.key[j];
        u8[d++] = 0;
        for (let j = 0; j < len; j++) u8[d++] = e.pool.buf[from + j];
        u8[d++] = 0;
      }
      return OK;
    },
    proxy_get_header_map_size(type, p) { if (u8.length === 0) view(); dv.setInt32(p, (PAIRS[type] ?? []).length, true); return OK; },
    proxy_get_buffer_bytes(type, start, max, pp, sp) {
      if (u8.length === 0) view();
      const b = type === 7 ? pluginConfig : type === 6 ? vmConfig : type === 5 ? buffer : null;
      if (b === null) return NOT_FOUND;
      if (start > b.length) return BAD_ARGUMENT;
      return emit(b, start, Math.min(max >>> 0, b.length - start), pp, sp);
    },
    proxy_get_configuration(pp, sp) { if (u8.length === 0) view(); return emit(pluginConfig, 0, pluginConfig.length, pp, sp); },
    proxy_define_metric(type, p, n, ret) {
      if (type < 0 || type > 2) return BAD_ARGUMENT;
      const name = str(p, n), list = names[type];
      list.push(name);
      const id = list.length * 4 + type;            // Envoy: += 4 before use, low bits = type
      const need = (list.length + 1) * 3;
      if (need > adapter.slots.value) {
        adapter.slots.value = need;
        const have = adapter.mem.buffer.byteLength;
        if (need * 8 > have) adapter.mem.grow(Math.max(16, have >> 16));
      }
      dv.setInt32(ret, id, true);
      return OK;
    },
    proxy_get_metric(id, ret) {
      if (u8.length === 0) view();
      const s = (id >> 2) * 3 + (id & 3);
      if (s >= adapter.slots.value || (id & 3) > 1) return NOT_FOUND;
      dv.setBigInt64(ret, new BigInt64Array(adapter.mem.buffer)[s], true);
      return OK;
    },
    proxy_increment_metric: adapter.proxy_increment_metric,
    proxy_record_metric: adapter.proxy_record_metric,
    proxy_log(level, p, n) { if (opt.log && level >= +opt['log-level']) logs.push(`[${level}] ${str(p, n)}`), console.error(logs.at(-1)); else if (level >= 4) { logs.push(str(p, n)); if (logs.length > 20) logs.shift(); } return OK; },
    proxy_get_log_level(p) { if (u8.length === 0) view(); dv.setInt32(p, +opt['log-level'], true); return OK; },
    proxy_get_current_time_nanoseconds(p) { if (u8.length === 0) view(); time++; dv.setUint32(p, (time * 1000) >>> 0, true); dv.setUint32(p + 4, 0x18d80000, true); return OK; },
    proxy_set_effective_context: () => OK,
    proxy_set_tick_period_milliseconds: () => OK,
    proxy_done: () => OK,
    proxy_continue_stream: () => OK, proxy_continue_request: () => OK, proxy_continue_response: () => OK,
    proxy_close_stream: () => OK,
    proxy_clear_route_cache: () => OK,
    proxy_send_local_response: () => { localReplies++; return OK; },
    proxy_add_header_map_value: () => OK, proxy_replace_header_map_value: () => OK,
    proxy_remove_header_map_value: () => OK, proxy_set_header_map_pairs: () => OK,
    proxy_set_property: () => OK, proxy_set_buffer_bytes: () => OK,
    proxy_get_status(c, pp, sp) { if (u8.length === 0) view(); dv.setInt32(c, 0, true); return emit(new Uint8Array(0), 0, 0, pp, sp); },
    proxy_get_shared_data: () => NOT_FOUND, proxy_set_shared_data: () => OK,
    proxy_grpc_call(a, b, c, d, method, methodLen, e, f, msg, msgLen, timeout, ret) {
      const reply = grpcReplies.get(str(method, methodLen));
      if (reply === undefined) return BAD_ARGUMENT;
      token++; dv.setInt32(ret, token, true); grpcQueue.push(token, reply);
      return OK;
    },
    proxy_grpc_cancel: () => OK, proxy_grpc_close: () => OK,
  };
  const wasi = {
    clock_time_get: adapter.clock_time_get, fd_seek: adapter.fd_seek,
    args_sizes_get(a, b) { view(); dv.setInt32(a, 0, true); dv.setInt32(b, 0, true); return 0; }, args_get: () => 0,
    environ_sizes_get(a, b) { view(); dv.setInt32(a, 0, true); dv.setInt32(b, 0, true); return 0; }, environ_get: () => 0,
    random_get(p, n) { view(); for (let i = 0; i < n; i++) u8[p + i] = (i * 167 + 13) & 255; return 0; },
    fd_write(fd, iov, n, ret) {
      view(); let t = 0;
      for (let i = 0; i < n; i++) { const p = dv.getInt32(iov + 8 * i, true), l = dv.getInt32(iov + 8 * i + 4, true); stdout += str(p, l); t += l; }
      dv.setInt32(ret, t, true); return 0;
    },
    fd_close: () => 0, fd_fdstat_get: (fd, p) => { view(); for (let i = 0; i < 24; i++) u8[p + i] = 0; u8[p] = fd < 3 ? 2 : 0; return fd < 3 ? 0 : 8; }, fd_fdstat_set_flags: () => 0,
    fd_prestat_get: () => 8, fd_prestat_dir_name: () => 8, fd_read: (fd, a, b, p) => { view(); dv.setInt32(p, 0, true); return 0; },
    sched_yield: () => 0, poll_oneoff: () => 52, clock_res_get: (id, p) => { view(); dv.setBigInt64(p, 1000n, true); return 0; },
    proc_exit(code) { throw new Error(`proc_exit(${code}); stdout so far: ${stdout.slice(-2000)}`); },
  };
  env.emscripten_notify_memory_growth = () => {};

  const stubbed = [];
  function imports(module) {
    const out = {};
    for (const { module: m, name, kind } of WebAssembly.Module.imports(module)) {
      if (kind !== 'function') throw new Error(`import ${m}.${name} is a ${kind}`);
      let f = m === 'env' ? env[name] : m.startsWith('wasi_') ? wasi[name] : undefined;
      if (f === undefined) { stubbed.push(`${m}.${name}`); f = () => (m === 'env' ? UNIMPLEMENTED : 52); }
      if (counting) { const g = f; f = (...a) => { counts.set(name, (counts.get(name) ?? 0) + 1); return g(...a); }; }
      (out[m] ??= {})[name] = f;
    }
    return out;
  }

  function start(module) {
    const inst = new WebAssembly.Instance(module, imports(module)), x = inst.exports;
    memory = x.memory; view();
    const t = performance.now();
    malloc = x.malloc ?? x.proxy_on_memory_allocate;
    if (x._initialize) { x._initialize(); x.main?.(0, 0); } else x._start?.();
    const t1 = performance.now();
    x.proxy_on_context_create?.(1, 0);
    if (x.proxy_on_vm_start && !x.proxy_on_vm_start(1, vmConfig.length)) throw new Error('proxy_on_vm_start said no: ' + logs.join('\n'));
    if (x.proxy_on_configure && !x.proxy_on_configure(1, pluginConfig.length)) throw new Error('proxy_on_configure said no: ' + logs.join('\n'));
    const t2 = performance.now();
    return { exports: x, initMs: t1 - t, configureMs: t2 - t1 };
  }

  // One loop for every module; an export it lacks is not called, as in Envoy.
  function runner(x) {
    const create = x.proxy_on_context_create, reqH = x.proxy_on_request_headers, resH = x.proxy_on_response_headers;
    const log = x.proxy_on_log, done = x.proxy_on_done, del = x.proxy_on_delete, grpcReceive = x.proxy_on_grpc_receive;
    const nReq = REQ.length, nRes = RES.length;
    const mask = SEQ - 1;
    // (ABI 0.1.0 has fewer parameters here; JavaScript drops the extra ones.)
    const open = new Int32Array(INFLIGHT); // ring of context ids
    let ctx = 1, at = 0;
    const finish = (id, i) => {
      cur = i & mask;
      if (resH !== undefined) resH(id, nRes, 0);
      if (log !== undefined) log(id);
      if (done !== undefined) done(id);
      if (del !== undefined) del(id);
    };
    return {
      get at() { return at; },
      run(n) {
        const end = at + n;
        for (let i = at; i < end; i++) {
          cur = i & mask;
          const id = ++ctx;
          if (create !== undefined) create(id, 1);
          if (reqH !== undefined) {
            reqH(id, nReq, 0);
            while (grpcQueue.length !== 0) {
              const t = grpcQueue.shift(); buffer = grpcQueue.shift();
              grpcReceive(1, t, buffer.length);
            }
          }
          if (INFLIGHT === 1) finish(id, i);
          else {
            const slot = i % INFLIGHT;
            if (i >= INFLIGHT) finish(open[slot], i - INFLIGHT);
            open[slot] = id;
          }
        }
        at = end;
      },
      drain() { if (INFLIGHT > 1) for (let i = Math.max(0, at - INFLIGHT); i < at; i++) finish(open[i % INFLIGHT], i); },
    };
  }

  function reset(ids, limited) {
    seqId = ids; seqLimited = limited; cur = 0; token = 0; grpcQueue.length = 0;
    for (const list of names) list.length = 0;
    new BigInt64Array(adapter.mem.buffer).fill(0n);
    adapter.slots.value = 0;
  }
  // name -> value over all ids (an id defined twice under one name adds up)
  function metrics() {
    const v = new BigInt64Array(adapter.mem.buffer), out = new Map();
    names.forEach((list, type) => list.forEach((name, i) => {
      out.set(name, (out.get(name) ?? 0n) + v[(i + 1) * 3 + type]);
    }));
    return out;
  }
  return { start, runner, reset, metrics, counts, names, logs, stubbed, adapter, memory: () => memory.buffer.byteLength, localReplies: () => localReplies, stdout: () => stdout };
}

// ------------------------------------------------------------------ checking
// What follows the outcome in a per-identity name, as the profiles write it.
const escaped = (v) => v.replace(/[^A-Za-z0-9]/g, (c) => '_' + c.charCodeAt(0).toString(16).padStart(2, '0')); // ASCII only
const PROFILES = {
  lossless: [escaped, `_calls_with_user_and_group__user__{user}__group__{group}__namespace__${escaped(NAMESPACE)}`],
  chargeback: [(v) => v, `_calls_with_user_and_group__user___{user}___group___{group}___namespace__${NAMESPACE}`],
};
function expected(total) {
  const out = new Map();
  const add = (k, n) => out.set(k, (out.get(k) ?? 0n) + BigInt(n));
  const full = Math.floor(total / SEQ), rest = total % SEQ;
  const tally = new Float64Array(2 * K);
  for (let i = 0; i < SEQ; i++) { const t = full + (i < rest ? 1 : 0); if (t) tally[seqId[i] * 2 + seqLimited[i]] += t; }
  for (let k = 0; k < K; k++) for (let l = 0; l < 2; l++) {
    const n = tally[2 * k + l];
    if (!n) continue;
    const kind = l ? 'limited' : 'authorized';
    if (opt.expect in PROFILES) {
      const [written, prefix] = PROFILES[opt.expect];
      add(`${kind}_calls_total`, n);
      add(kind + (opt['expect-prefix'] || prefix).replace('{user}', written(users[k])).replace('{group}', written(groups[k])), n);
    } else if (opt.expect === 'go-metrics') add(`custom_header_value_counts_value=${users[k]}_reporter=wasmgosdk`, n);
  }
  return out;
}
function verify(host, total) {
  if (opt.expect === 'none') return 'not checked';
  const want = expected(total), got = host.metrics();
  const bad = [];
  for (const [k, v] of want) if (got.get(k) !== v) bad.push(`${k}: want ${v}, got ${got.get(k)}`);
  for (const [k, v] of got) if (v !== 0n && !want.has(k) && !k.startsWith(opt['ignore-prefix'])) bad.push(`${k}: unexpected, ${v}`);
  if (bad.length) return `WRONG (${bad.length}): ${bad.slice(0, 4).join('; ')}`;
  return `exact (${want.size} counters)`;
}

// ----------------------------------------------------------------------- run
const wasm = readFileSync(modulePath);
const c0 = performance.now();
const module = new WebAssembly.Module(wasm);
const c1 = performance.now();
const host = makeHost(false, seqId, seqLimited);
const started = host.start(module);
const c2 = performance.now();
const startMemory = host.memory();
const r = host.runner(started.exports);
const f0 = performance.now();
r.run(1);
const firstMs = performance.now() - f0;
r.run(WARM - 1);
const warmMemory = host.memory();
if (!(N > 0)) {
  const t = performance.now();
  r.run(100000);
  N = Math.max(10000, Math.round(1e8 / (performance.now() - t)));
}
// Wall time per round, and this thread's own CPU time (Node >= 23.9), which
// a busy neighbour disturbs less. process.cpuUsage counts V8's helper threads too.
const times = [], threadTimes = [];
const threadCpu = () => { const c = (process.threadCpuUsage ?? process.cpuUsage)(); return (c.user + c.system) * 1000; };
for (let i = 0; i < ROUNDS; i++) {
  const c = threadCpu(), t = process.hrtime.bigint();
  r.run(N);
  times.push(Number(process.hrtime.bigint() - t) / N);
  threadTimes.push((threadCpu() - c) / N);
}
threadTimes.sort((a, b) => a - b);
r.drain();
times.sort((a, b) => a - b);
const check = verify(host, r.at);
const endMemory = host.memory();

// What an identity costs the first time it is seen: a fresh instance of the
// same (already optimised) code, every request a new identity, none limited.
let coldNs = null, coldMemory = null;
if (K >= 50000) {
  const order = new Int32Array(SEQ);
  for (let i = 0; i < SEQ; i++) order[i] = i % K;
  host.reset(order, new Uint8Array(SEQ));     // the same host functions, so they are warm
  const cr = host.runner(host.start(module).exports);
  const t = process.hrtime.bigint();
  cr.run(Math.min(K, SEQ));
  coldNs = +(Number(process.hrtime.bigint() - t) / Math.min(K, SEQ)).toFixed(1);
  coldMemory = host.memory();
}

const counter = makeHost(true, seqId, seqLimited), cs = counter.start(module), cr = counter.runner(cs.exports);
cr.run(K > 100 ? SEQ : 10000);
counter.counts.clear();
const CN = 10000;
cr.run(CN);
const hostcalls = Object.fromEntries([...counter.counts].map(([k, v]) => [k, +(v / CN).toFixed(3)]));
const hostcallsPerRequest = +Object.values(hostcalls).reduce((a, b) => a + b, 0).toFixed(3);

const out = {
  name: opt.name || modulePath, v8: process.versions.v8, flags: process.execArgv.join(' '), identities: K, inflight: INFLIGHT,
  ns_min: +times[0].toFixed(1), ns_median: +times[times.length >> 1].toFixed(1), ns_max: +times.at(-1).toFixed(1),
  cpu_min: +threadTimes[0].toFixed(1), cpu_median: +threadTimes[threadTimes.length >> 1].toFixed(1),
  first_sight_ns: coldNs, first_sight_memory: coldMemory, requests_timed: N * ROUNDS, hostcalls_per_request: hostcallsPerRequest, hostcalls,
  module_bytes: wasm.length, memory_start: startMemory, memory_warm: warmMemory, memory_end: endMemory,
  compile_ms: +(c1 - c0).toFixed(2), instantiate_ms: +(c2 - c1 - started.initMs - started.configureMs).toFixed(2), init_ms: +started.initMs.toFixed(2), configure_ms: +started.configureMs.toFixed(2),
  first_request_ms: +firstMs.toFixed(3), counters: check,
};
if (host.stubbed.length) out.stubbed = host.stubbed;
if (host.localReplies()) out.local_replies = host.localReplies();
if (host.logs.length && !opt.log) out.errors_logged = host.logs.slice(-3);
if (opt.dump) { let n = +opt.dump; for (const [k, v] of host.metrics()) { if (n-- <= 0) break; console.log(`${k} ${v}`); } }
if (opt.json) console.log(JSON.stringify(out));
else {
  console.log(`${out.name}  (V8 ${out.v8}${out.flags ? ' ' + out.flags : ''})`);
  console.log(`  ns/request      ${out.ns_median} median, ${out.ns_min} min, ${out.ns_max} max of ${ROUNDS} x ${N}, identities ${K}, in flight ${INFLIGHT}; thread cpu ${out.cpu_median} median, ${out.cpu_min} min`);
  if (coldNs !== null) console.log(`  first sight     ${coldNs} ns/request, every identity new, ${coldMemory} bytes of memory after`);
  console.log(`  hostcalls/req   ${hostcallsPerRequest}  ${Object.entries(hostcalls).map(([k, v]) => `${k} ${v}`).join(', ')}`);
  console.log(`  module          ${out.module_bytes} bytes; memory ${startMemory} at start, ${warmMemory} warm, ${endMemory} at end`);
  console.log(`  startup         compile ${out.compile_ms} ms, instantiate ${out.instantiate_ms} ms, init ${out.init_ms} ms, configure ${out.configure_ms} ms, first request ${out.first_request_ms} ms`);
  console.log(`  counters        ${check}`);
  for (const k of ['stubbed', 'local_replies', 'errors_logged']) if (out[k]) console.log(`  ${k}: ${JSON.stringify(out[k])}`);
}
if (check.startsWith('WRONG')) process.exit(1);
