// SPDX-License-Identifier: Apache-2.0
// wasi.mjs PROGRAM.wasm ARGUMENT...: runs it with the current folder as its own.
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [program, ...args], preopens: { '.': '.' } });
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module,
    { wasi_snapshot_preview1: wasi.wasiImport });

process.exitCode = wasi.start(instance);
