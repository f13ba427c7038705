// Our filter beside the C filter of peers/c, in one table. See README.md, Compare.
//
//     node bench/v8host/compare.mjs [NODE ...] [--module M.wasm] [--peer P.wasm] [--rounds N] [--passes N] [--quick]
//
// NODE is a Node executable to measure with, by default this one. The modules take turns, each
// run in a process of its own; a cell is the least thread CPU time per request over all passes.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const argv = process.argv.slice(2);
const option = (name, byDefault) => {
  const at = argv.indexOf('--' + name);
  return at < 0 ? byDefault : argv.splice(at, 2)[1];
};
const quickAt = argv.indexOf('--quick');
const quick = quickAt >= 0 && argv.splice(quickAt, 1).length > 0;
const module = option('module', join(here, '../../plugin/target/nametag.wasm'));
const peer = option('peer', join(here, 'peers/c/peer.wasm'));
const rounds = option('rounds', '3');
const passes = +option('passes', quick ? '1' : '2');
const nodes = argv.length > 0 ? argv : [process.execPath];
for (const [what, file] of [['module', module], ['peer', peer]]) {
  if (!existsSync(file)) {
    console.error(`${file}: there is no such ${what}; build it first (README.md, Compare)`);
    process.exit(2);
  }
}

const OURS = ['--expect', 'lossless'];
const THEIRS = ['--config', '{"namespace":"llm_d"}', '--expect', 'chargeback'];
function run(node, flags, file, args, identities, inflight) {
  const out = execFileSync(node, [...flags, join(here, 'host.mjs'), file, ...args, '--json',
    '--identities', String(identities), '--inflight', String(inflight), '--rounds', rounds], { encoding: 'utf8' });
  return JSON.parse(out);
}

const pages = (bytes) => Math.round(bytes / 65536);
console.log('| V8 | flags | identities | in flight | ours, ns | C, ns | ratio | hostcalls | memory, pages |');
console.log('|---|---|---|---|---|---|---|---|---|');
const started = [];
for (const node of nodes) {
  for (const flags of [[], ['--no-liftoff']]) {
    for (const identities of quick ? [1000] : [1, 1000, 100000]) {
      for (const inflight of quick ? [1] : [1, 256]) {
        const budget = JSON.stringify({ budget: { series: 100000 } });
        const least = [];
        for (let pass = 0; pass < passes; pass++) {
          [[module, identities > 10000 ? [...OURS, '--config', budget] : OURS], [peer, THEIRS]].forEach(([file, args], i) => {
            const result = run(node, flags, file, args, identities, inflight);
            if (!least[i] || result.cpu_min < least[i].cpu_min) least[i] = result;
          });
        }
        const [ours, theirs] = least;
        console.log(`| ${ours.v8} | ${flags.join(' ') || 'none'} | ${identities} | ${inflight} | ${ours.cpu_min} | ${theirs.cpu_min} | `
          + `${(ours.cpu_min / theirs.cpu_min).toFixed(2)} | ${least.map((r) => r.hostcalls_per_request).join(' : ')} | `
          + `${least.map((r) => `${pages(r.memory_start)} to ${pages(r.memory_end)}`).join(' : ')} |`);
        if (identities === 1000 && inflight === 1) started.push([ours, theirs, flags]);
      }
    }
  }
}
console.log('\n| V8 | flags | module | bytes | compile, instantiate and configure, ms |');
console.log('|---|---|---|---|---|');
for (const [ours, theirs, flags] of started) {
  for (const [name, r] of [['ours', ours], ['C', theirs]]) {
    const ms = r.compile_ms + r.instantiate_ms + r.init_ms + r.configure_ms;
    console.log(`| ${r.v8} | ${flags.join(' ') || 'none'} | ${name} | ${r.module_bytes} | ${ms.toFixed(1)} |`);
  }
}
