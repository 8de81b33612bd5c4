/** A form with `data-confirm="question"` asks before it is sent; without script it is sent at once. */
document.addEventListener('submit', (event) => {
  const question = (event.target as HTMLFormElement).dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
