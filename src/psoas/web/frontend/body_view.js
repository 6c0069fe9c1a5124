// The body in 3D, loaded only where a page shows one and the browser can draw it; the numbers stand in a table as well.
for (const root of document.querySelectorAll('[data-body-view]')) start(root);

async function start(root) {
  const status = root.querySelector('[data-body-status]');
  const software = softwareRenderer();
  if (software === null) {
    status.textContent = 'This browser cannot draw in 3D. The table below says the same.';
    return;
  }
  const asked = new URLSearchParams(location.search).get('quality') ?? document.body.dataset.quality;
  const plain = asked === 'low' || (asked !== 'high' && software);
  try {
    status.textContent = 'The body is being drawn.';
    const answer = await fetch(root.dataset.scene, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`scene: ${answer.status}`);
    const { BodyView } = await import('./body/view.js');
    await new BodyView(root, await answer.json(), plain).open();
    status.textContent = '';
  } catch (error) {
    console.warn(error);
    status.textContent = 'The 3D picture could not be made. The table below says the same.';
  }
}

/** Whether WebGL is drawn by the processor; null when there is none. */
function softwareRenderer() {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return null;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
