/* Enketo's settings, fixed: what is not relevant is blank to every expression, as in ODK Collect. */
export default {
  experimentalOptimizations: { computeAsync: false },
  excludeNonRelevant: true,
  maps: [],
  googleApiKey: "",
  repeatOrdinals: false,
  validateContinuously: false,
  validatePage: false,
  swipePage: false,
  textMaxChars: 2000,
};
