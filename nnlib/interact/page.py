"""What an exhibit brings along for the browser: its style, and names for its sliders.

ipywidgets gives a slider's handle no accessible name. The few lines of script below copy the
visible label to it, and to its readout. A ``<style onload>`` is how a widget's markup may run
them: it needs no extension and no second widget.
"""

NAMES = """
const nnNames = style => {
  const root = style.closest('.nn-exhibit');
  if (!root) return setTimeout(nnNames, 50, style);
  const name = () => root.querySelectorAll('.jupyter-widgets').forEach(box => {
    const label = box.querySelector(':scope > .widget-label');
    const text = label && label.textContent.replace(/\\u200b/g, '').trim();
    if (!text) return;
    const set = (selector, value) => box.querySelectorAll(':scope ' + selector).forEach(e => {
      if (e.getAttribute('aria-label') !== value) e.setAttribute('aria-label', value);
    });
    set('.noUi-handle', text);
    set('.widget-readout', text + ', type a value');
    if (box.classList.contains('widget-toggle-buttons')) {
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', text);
    }
  });
  root.querySelectorAll('.widget-readout').forEach(e => e.setAttribute('role', 'textbox'));
  // Arrow keys choose in a list; without this JupyterLab takes them to move between cells.
  const choose = () => root.querySelectorAll('select, input[type=radio]').forEach(
    e => e.setAttribute('data-lm-suppress-shortcuts', 'true'));
  root.querySelectorAll('.widget-play button').forEach((e, i) => {
    e.setAttribute('aria-label', ['play', 'stop', 'repeat'][i] || e.title || 'play');
  });
  const alt = () => {
    const said = root.querySelector('.nn-caption');
    root.querySelectorAll('img').forEach(img => { img.alt = said ? said.textContent.trim() : ''; });
  };
  const all = () => { name(); choose(); alt(); };
  new MutationObserver(all).observe(root, {childList: true, subtree: true});
  all();
};
nnNames(this);
"""

STYLE = """
.nn-exhibit { max-width: 900px; margin: 0.3em 0; padding: 0.4em 0.6em; overflow: visible;
  border: 1px solid var(--jp-border-color2, #ccc); border-radius: 6px; }
.nn-exhibit .nn-picture { background: white; border-radius: 4px; }
.nn-exhibit .nn-caption { height: auto; color: var(--jp-content-font-color1, #111); }
.nn-exhibit .nn-caption .widget-html-content { line-height: 1.45; }
.nn-exhibit:not(.nn-predict) .nn-caption { min-height: 4.35em; } /* three lines: nothing jumps */
.nn-exhibit .nn-line { display: block; overflow-x: auto; white-space: nowrap;
  scrollbar-width: thin; }
.nn-exhibit .nn-error pre { color: var(--jp-error-color0, #b00020); white-space: pre-wrap; }
.nn-exhibit .nn-controls { align-items: center; column-gap: 0.8em; }
.nn-exhibit .nn-page { position: absolute; width: 0; height: 0; margin: 0; overflow: hidden; }
.nn-exhibit .widget-label { overflow: visible; }
.nn-exhibit progress { width: 12em; height: 0.9em; accent-color: #0072B2; }
.nn-exhibit :focus-visible { outline: 2px solid #0072B2; outline-offset: 1px; }
.nn-matrix .widget-label { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.nn-matrix .widget-readout { min-width: 3.2em; width: 3.2em; }
.nn-exhibit .widget-toggle-buttons { display: flex; flex-flow: row nowrap; align-items: center; }
.nn-exhibit .widget-toggle-buttons > .widget-label { flex: none; margin-right: 0.5em; }
.nn-matrix .nn-heading { position: static; width: auto; height: auto; clip-path: none; }
"""


def page() -> str:
    """The markup that styles an exhibit and names its sliders."""
    script = NAMES.replace("&", "&amp;").replace('"', "&quot;")
    return f'<style onload="{script}">{STYLE}</style>'
