import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// Nothing inline, nothing from elsewhere: the program's policy lets the browser take neither.
export default defineConfig({
  base: '/console/',
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: { assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: false, target: 'es2022', reportCompressedSize: false },
});
