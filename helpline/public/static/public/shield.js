// The chat needs a script; without one its button is not shown, since a plain link would be an entry in the history.

const chat = document.getElementById("to-chat");
if (chat) chat.hidden = false;
