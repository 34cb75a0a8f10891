/**
 * The script of the page: the check, and an iPad that says that it is a Mac (it has fingers on its screen). Nothing before
 * the check needs it. In what browsers of 2018 read.
 */
export const SCRIPT = `
(function () {
  var page = document.documentElement;
  if (page.dataset.guide === 'macos' && navigator.maxTouchPoints > 1 && location.search === '') {
    location.replace('?for=ios');
    return;
  }
  var check = document.getElementById('check');
  if (!check || !check.dataset.url) return;
  var button = check.querySelector('button');
  var show = function (state) {
    check.dataset.state = state;
    check.querySelectorAll('[data-when]').forEach(function (part) { part.hidden = part.dataset.when !== state; });
  };
  var ask = function (url, wait) {
    var over = new AbortController();
    setTimeout(function () { over.abort(); }, wait);
    return fetch(url, { cache: 'no-store', credentials: 'omit', signal: over.signal }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  };
  button.hidden = false;
  button.addEventListener('click', function () {
    button.disabled = true;
    show('running');
    ask(check.dataset.url, 10000)
      .then(function () { return 'passed'; })
      .catch(function () {
        // A browser does not say why it refused; the server knows whether it was reached.
        return ask(check.dataset.verdict, 10000).then(function (verdict) { return verdict.reached ? 'refused' : 'unreached'; });
      })
      .catch(function () { return 'unreached'; })
      .then(function (state) {
        show(state);
        button.disabled = false;
      });
  });
})();
`;
