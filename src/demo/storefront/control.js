// The demo control: plants the skimmer, then shows what this browser says about it.
(function () {
  var button = document.getElementById('plant');
  var seen = [];

  function show(step) {
    document.querySelectorAll('[data-step="' + step + '"]').forEach(function (node) {
      node.hidden = false;
    });
  }

  function fill(name, text) {
    document.querySelectorAll('[data-fill="' + name + '"]').forEach(function (node) {
      node.textContent = text;
    });
  }

  function hostOf(address) {
    try {
      return new URL(address).host;
    } catch (error) {
      return address;
    }
  }

  document.addEventListener('securitypolicyviolation', function (event) {
    var directive = event.effectiveDirective || event.violatedDirective;
    // An add-on of this browser may break the policy too; only what the skimmer sends counts.
    var isSkimmer = directive === 'connect-src' || directive === 'img-src';
    if (!button.disabled || !isSkimmer || event.blockedURI.indexOf('?d=') < 0) {
      return;
    }
    var host = hostOf(event.blockedURI);
    if (seen.indexOf(directive) < 0) {
      seen.push(directive);
    }
    fill('host', host);
    fill('blocked', host + ' (' + seen.join(', ') + ')');
    show('copied');
    show('blocked');
    show('reported');
  });

  button.addEventListener('click', function () {
    button.disabled = true;
    var script = document.createElement('script');
    script.src = '/js/vendor/jquery.metrics.js';
    script.addEventListener('load', function () {
      show('planted');
      setTimeout(function () {
        if (seen.length === 0) {
          show('nothing');
        }
      }, 3000);
    });
    script.addEventListener('error', function () {
      show('nothing');
    });
    document.body.appendChild(script);
  });
})();
