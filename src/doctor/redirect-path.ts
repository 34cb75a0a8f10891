/** A path that no app has by chance, with a query: what is asked for by plain HTTP. */
export const REDIRECT_PATH = '/rcssl-doctor/a%2Fb?c=d';
