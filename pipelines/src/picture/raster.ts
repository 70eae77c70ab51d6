import { createRequire } from 'node:module'
import { InputError } from '@serflow/core'

/**
 * SVG to PNG, in twice the points. The font comes with the program, so that no browser and no fonts of the system are
 * needed; only for letters that it lacks, such as Chinese ones, those of the system are looked through.
 *
 * @throws InputError where the rasteriser's native part is not there for this machine
 */
export async function rasterised(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js').catch((error: Error) => {
    throw new InputError(
      `PNG needs @resvg/resvg-js, which cannot be loaded here (${error.message.split('\n')[0]}); write SVG instead, with --out name.svg`,
    )
  })
  const { resolve } = createRequire(import.meta.url)
  const fontFiles = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) =>
    resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
  )
  const options = {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      fontFiles,
      defaultFontFamily: 'DejaVu Sans',
      loadSystemFonts: /[^\0-\u1fff\u2000-\u2bff\ufffd]/.test(svg),
    },
  } as const
  return new Resvg(svg, options).render().asPng()
}
