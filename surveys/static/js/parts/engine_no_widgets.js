/* Enketo brings no widgets of its own: ours follow its events (engine_widgets.js). */
export default [];
