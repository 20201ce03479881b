// The page works without this: it remembers the language, keeps <html lang> right and filters the table of codes.
'use strict';
(function () {
  const choices = Array.from(document.querySelectorAll('input[name=language]'));
  function follow() {
    const chosen = choices.find((choice) => choice.checked);
    if (chosen) document.documentElement.lang = chosen.value;
  }
  function remember(event) {
    try { localStorage.setItem('sluse-language', event.target.value); } catch (error) { /* private window */ }
    follow();
  }
  let kept = null;
  try { kept = localStorage.getItem('sluse-language'); } catch (error) { /* private window */ }
  choices.forEach((choice) => {
    if (choice.value === kept) choice.checked = true;
    choice.addEventListener('change', remember);
  });
  follow();

  const find = document.getElementById('find-code');
  const rows = Array.from(document.querySelectorAll('tr[data-code]'));
  const count = document.getElementById('find-count');
  find.closest('p').hidden = false;
  find.addEventListener('input', () => {
    const words = find.value.toLowerCase().trim();
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = words !== '' && !row.textContent.toLowerCase().includes(words);
      if (!row.hidden) shown += 1;
    });
    count.textContent = words === '' ? '' : String(shown);
  });
}());
