// What the tests know about the page, and how they watch its pixels. Loaded once per page.
(() => {
  if (window.nn) return;
  const SHAPED = '.nn-exhibit, .nn-predict';
  const canvas = new OffscreenCanvas(8, 8);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const hashes = new WeakMap();
  let drawn = 0;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const shown = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(el).visibility !== 'hidden';
  };
  const text = (el) => (el?.textContent ?? '').replace(/\u200b/g, '').replace(/\s+/g, ' ').trim();

  function pixels(el, width, height) {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    pen.fillStyle = 'white';
    pen.fillRect(0, 0, width, height);
    pen.drawImage(el, 0, 0, width, height);
    pen.getImageData(0, 0, 1, 1); // now it is decoded, and what follows is our own work
    drawn = performance.now();
    return pen.getImageData(0, 0, width, height).data;
  }

  function hash(words) {
    let h = 2166136261;
    for (let i = 0; i < words.length; i++) h = Math.imul(h ^ words[i], 16777619);
    return h >>> 0;
  }

  const sized = (el, w, h) => `${w}x${h}:${hash(new Uint32Array(pixels(el, w, h).buffer))}`;

  function picture(el) { // 'width x height : what is in it'
    if (el.tagName === 'CANVAS') return el.width && el.height ? sized(el, el.width, el.height) : '';
    const known = hashes.get(el);
    if (!el.complete || !el.naturalWidth) return known?.[1] ?? '';
    const src = el.getAttribute('src'); // el.src would parse it, a long one, at every frame
    if (known?.[0] === src) return known[1];
    const made = sized(el, el.naturalWidth, el.naturalHeight);
    hashes.set(el, [src, made]);
    return made;
  }

  const nn = (window.nn = {
    notebook: () => window.jupyterapp.shell.currentWidget,
    kernel: () => nn.notebook()?.sessionContext?.session?.kernel,
    output: (cell) => nn.notebook().content.widgets[cell].outputArea.node,
    status() {
      const kernel = nn.kernel();
      return kernel ? `${kernel.connectionStatus} ${kernel.status}` : 'none';
    },
    get: (id) => document.querySelector(`[data-nn="${id}"]`) ?? nn.detached(id),
    detached(id) { // cells scrolled out of sight may have left the document
      for (const cell of nn.notebook().content.widgets) {
        const found = cell.node.querySelector(`[data-nn="${id}"]`);
        if (found) return found;
      }
      return null;
    },

    said: [], // errors of callbacks: ipywidgets sends them where no cell shows them
    listen() {
      nn.kernel().iopubMessage.connect((_, { header, parent_header: parent, content }) => {
        if (!parent.msg_type?.startsWith('comm_')) return;
        if (header.msg_type === 'error') nn.said.push(`${content.ename}: ${content.evalue}`);
        if (header.msg_type === 'stream' && content.name === 'stderr') nn.said.push(content.text);
      });
    },

    // ---- what is on the page -------------------------------------------------------------
    cells() {
      return nn.notebook().content.model.toJSON().cells.map((cell, index) => ({
        index,
        type: cell.cell_type,
        count: cell.execution_count,
        source: [].concat(cell.source).join(''),
        tags: cell.metadata.tags ?? [],
        errors: (cell.outputs ?? []).filter((o) => o.output_type === 'error')
          .map((o) => `${o.ename}: ${o.evalue}`),
        stderr: (cell.outputs ?? []).filter((o) => o.name === 'stderr')
          .map((o) => [].concat(o.text).join('')),
        outputs: (cell.outputs ?? []).length,
      }));
    },
    broken() {
      const bad = [];
      nn.notebook().content.widgets.forEach((cell, index) => {
        if (!cell.outputArea) return;
        const { node, model } = cell.outputArea;
        const said = text(node);
        const trouble = said.match(/(Error (displaying|creating|rendering) widget|Loading widget|model not found|Failed to load model|Error rendering).{0,120}/i);
        if (trouble) bad.push([index, trouble[0]]);
        let wanted = 0;
        for (let k = 0; k < model.length; k++) {
          if (model.get(k).data['application/vnd.jupyter.widget-view+json']) wanted += 1;
        }
        const roots = [...node.querySelectorAll('.jupyter-widgets')]
          .filter((el) => !el.parentElement.closest('.jupyter-widgets'));
        if (roots.length < wanted && !trouble) {
          bad.push([index, `${wanted} widgets are due, ${roots.length} are in the page`]);
        }
        for (const img of node.querySelectorAll('img')) {
          if (img.complete && !img.naturalWidth) bad.push([index, 'a broken <img>']);
        }
        for (const box of node.querySelectorAll('.nn-error')) {
          if (text(box)) bad.push([index, `the exhibit says: ${text(box).slice(-200)}`]);
        }
      });
      return bad;
    },
    images(cell) { // how many pictures are stored in a cell, and how many are shown
      const { model, node } = nn.notebook().content.widgets[cell].outputArea;
      let stored = 0;
      for (let k = 0; k < model.length; k++) stored += 'image/png' in model.get(k).data;
      return [stored, [...node.querySelectorAll('img')].filter((el) => el.naturalWidth > 1).length];
    },
    exhibits() {
      const found = [];
      document.querySelectorAll('[data-nn]').forEach((el) => el.removeAttribute('data-nn'));
      nn.notebook().content.widgets.forEach((cell, index) => {
        if (!cell.outputArea) return;
        const { node } = cell.outputArea;
        const named = [...node.querySelectorAll(SHAPED)]
          .filter((el) => !el.parentElement.closest(SHAPED));
        const other = [...node.querySelectorAll('.jupyter-widgets')].filter((el) =>
          !el.parentElement.closest('.jupyter-widgets') && !el.closest(SHAPED)
          && !el.querySelector(SHAPED) && nn.parts(el).length);
        for (const el of [...named, ...other]) {
          const id = `c${index}e${found.filter((e) => e.cell === index).length}`;
          el.setAttribute('data-nn', id);
          const kind = el.classList.contains('nn-predict') ? 'predict'
            : el.classList.contains('nn-exhibit') ? 'exhibit' : 'other';
          found.push({ id, cell: index, kind });
        }
      });
      return found;
    },
    parts(root) { // [element, kind] of every control in the exhibit, in the page's order
      const kinds = [
        ['.widget-toggle-buttons', 'toggles'], ['.widget-radio', 'radio'],
        ['.noUi-handle', 'slider'], ['.widget-play', 'play'],
        ['select', 'select'], ['input[type=checkbox]', 'checkbox'],
        ['input[type=number], input[type=text], textarea', 'text'],
        ['button.widget-toggle-button', 'toggle'], ['button', 'button'],
        ['canvas, [tabindex="0"]', 'board'],
      ];
      const group = '.widget-toggle-buttons, .widget-radio, .widget-play';
      const taken = new Set();
      const found = [];
      for (const [selector, kind] of kinds) {
        for (const el of root.querySelectorAll(selector)) {
          if (taken.has(el) || (el.parentElement.closest(group) && el.parentElement.closest(group) !== root)) continue;
          if (kind === 'board' && (el.querySelector('canvas') || el.closest('.widget-slider'))) continue;
          taken.add(el);
          found.push([el, kind]);
        }
      }
      const after = Node.DOCUMENT_POSITION_FOLLOWING;
      return found.sort(([a], [b]) => (a.compareDocumentPosition(b) & after ? -1 : 1));
    },
    controls(exhibit) {
      return nn.parts(nn.get(exhibit)).map(([el, kind], index) => {
        const id = `${exhibit}k${index}`;
        el.setAttribute('data-nn', id);
        const box = el.closest('.widget-inline-hbox, .widget-inline-vbox, .widget-checkbox') ?? el;
        const label = text(box.querySelector('.widget-label, .widget-label-basic'))
          || el.getAttribute('aria-label') || text(box) || el.title;
        return {
          id, kind, label: label.slice(0, 40), exhibit, shown: shown(el),
          matrix: !!el.closest('.nn-matrix'),
          disabled: !!(el.disabled || el.hasAttribute('disabled') || el.closest('[disabled]')),
          options: el.options?.length ?? el.querySelectorAll('input, button').length,
        };
      });
    },

    // ---- watching -----------------------------------------------------------------------
    signature(root) { // its pictures, or where it has none, what it says
      const pictures = [...root.querySelectorAll('img, canvas')];
      if (pictures.length) return pictures.map(picture).join(' ');
      const said = [...root.querySelectorAll('.widget-html-content, pre, p, output')];
      return `text:${hash([...said.map(text).join('|')].map((c) => c.codePointAt(0)))}`;
    },
    watch(id) { // it looks only when something has changed: looking is work, too
      const root = nn.get(id);
      const seen = { on: true, marks: [], events: [], errors: [], low: Infinity, high: 0 };
      const measure = () => {
        const { height } = root.getBoundingClientRect();
        seen.low = Math.min(seen.low, height);
        seen.high = Math.max(seen.high, height);
      };
      let last = nn.signature(root);
      let waiting = false;
      const look = () => {
        waiting = false;
        if (!seen.on) return;
        const frame = performance.now();
        const now = nn.signature(root);
        if (now !== last) seen.marks.push([Math.max(frame, drawn), now]);
        last = now;
        const error = text(root.querySelector('.nn-error'));
        if (error && !seen.errors.includes(error)) seen.errors.push(error);
        if (root.querySelector('canvas')) wake(); // it tells nobody that it was drawn upon
      };
      const wake = () => {
        if (!waiting) requestAnimationFrame(look);
        waiting = true;
      };
      const sizes = new ResizeObserver(measure);
      const changes = new MutationObserver(wake);
      const kinds = { subtree: true, childList: true, characterData: true };
      changes.observe(root, { ...kinds, attributes: true, attributeFilter: ['src'] });
      root.addEventListener('load', wake, true);
      sizes.observe(root);
      measure();
      wake();
      seen.end = () => {
        seen.on = false;
        changes.disconnect();
        sizes.disconnect();
        root.removeEventListener('load', wake, true);
      };
      nn.seen = seen;
    },
    async more(count, limit) { // wait for one more picture; how many there are now
      const end = performance.now() + limit;
      while (nn.seen.marks.length <= count && performance.now() < end) await pause(8);
      return nn.seen.marks.length;
    },
    async rest(id, still, limit) { // wait until the picture stands; what it is
      const root = nn.get(id);
      const end = performance.now() + limit;
      let since = performance.now();
      let last = nn.signature(root);
      while (performance.now() < Math.min(since + still, end)) {
        await pause(16);
        const now = nn.signature(root);
        if (now !== last) since = performance.now();
        last = now;
      }
      return last;
    },
    unwatch() {
      nn.seen.end();
      const { marks, events, errors, low, high } = nn.seen;
      return { marks, events, errors, low, high };
    },
  });
  for (const kind of ['keydown', 'mousemove', 'mouseup', 'change', 'click']) {
    window.addEventListener(kind, (event) => {
      if (nn.seen?.on) nn.seen.events.push([kind, event.timeStamp]);
    }, { capture: true, passive: true });
  }
})();
