import { Installation } from '../pwa/installation.ts';
import { expectFile } from '../taggram.ts';
import { App } from './app.ts';
import { translatePage } from './language.ts';
import { drawWelcome } from './welcome.ts';

expectFile(); // its worker starts while the page does
translatePage();
drawWelcome();
const installation = new Installation();
new App(() => installation.begin());
