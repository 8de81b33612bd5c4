// Builds every src/<page>/entry.ts into webapp/static/dist, with a manifest and the icon sprite.
// Files are named by their content, so that browsers may keep them; shared code becomes shared chunks.
import { build, context } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const source = join(here, 'src');
const dist = join(here, '..', 'static', 'dist');

const entryPoints = Object.fromEntries(
  readdirSync(source)
    .filter((page) => existsSync(join(source, page, 'entry.ts')))
    .map((page) => [page, join(source, page, 'entry.ts')]),
);

function iconSprite() {
  const names = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf-8'));
  const folder = join(root, 'node_modules', 'lucide-static', 'icons');
  const symbols = names.map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), 'utf-8');
    const drawing = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, ' ').trim()}</symbol>`;
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence -->${symbols.join('')}</svg>`;
  const digest = createHash('sha256').update(sprite).digest('hex').slice(0, 8).toUpperCase();
  writeFileSync(join(dist, `icons-${digest}.svg`), sprite);
  return `icons-${digest}.svg`;
}

function writeManifest(metafile) {
  const manifest = { 'icons.svg': iconSprite() };
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const page = basename(dirname(output.entryPoint));
    manifest[`${page}.js`] = relative(dist, join(root, file));
    if (output.cssBundle) manifest[`${page}.css`] = relative(dist, join(root, output.cssBundle));
  }
  writeFileSync(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');
  return manifest;
}

const manifestPlugin = {
  name: 'manifest',
  setup(bundler) {
    bundler.onEnd((result) => {
      if (result.metafile) writeManifest(result.metafile);
    });
  },
};

const options = {
  absWorkingDir: root,
  entryPoints,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'asset-[hash]',
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'chrome90',
  minify: true,
  metafile: true,
  legalComments: 'linked',
  loader: { '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl', '.eot': 'empty', '.svg': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
  plugins: [manifestPlugin],
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
if (process.argv.includes('--watch')) {
  const bundler = await context(options);
  await bundler.watch();
  console.log('watching', relative(root, source));
} else {
  await build(options);
  console.log('built', Object.keys(entryPoints).join(', '), 'into', relative(root, dist));
}
