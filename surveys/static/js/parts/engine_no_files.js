/* Files are the host's: it stores them before anything else sees them. */
export default {};
