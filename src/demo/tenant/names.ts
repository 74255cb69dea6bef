/**
 * Names from many places. Where a name does not reduce to ASCII by dropping its accents, the ASCII form for e-mail
 * addresses follows a bar.
 */
interface Name {
  readonly written: string
  /** Lower case ASCII letters. */
  readonly plain: string
}

// Letters that Unicode does not take apart into a base and an accent.
const letters: Readonly<Record<string, string>> = {
  ı: 'i',
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  æ: 'ae',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ə: 'e',
  ħ: 'h',
  œ: 'oe',
}

/** The name in lower case ASCII letters, as companies write it in addresses. */
export const toPlain = (written: string): string =>
  written
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ıøłßæþðđəħœ]/g, letter => letters[letter] ?? '')
    .replace(/[^a-z]/g, '')

const names = (list: string): readonly Name[] =>
  list
    .trim()
    .split(/\s*,\s*/)
    .map(entry => {
      const [written = '', plain = toPlain(written)] = entry.split('|')
      return { written, plain }
    })

export const firstNames = names(`
  James, Mary, Aisha, Mohammed, Wei, Yuki, Sofía, José, Zoë, Chloé, Björn, Åsa, Søren, Łukasz, Małgorzata,
  Jiří, Šárka, Márton, Zsófia, Ioana, Ștefan, Nikolaos, Eleni, Dmitri, Olena, Oleksandr, Milica, Đorđe, Luka, Ana,
  João, Conceição, Inês, Thiago, Beatriz, Camila, Mateo, Valentina, Santiago, Ximena, Siobhán, Pádraig, Niamh,
  Angharad, Rhys, Fiona, Hamish, Işıl, Çağla, Emre, Gökçe, Şebnem, Burak, Leyla, Reza, Shirin, Noor, Omar, Fatima,
  Khalid, Layla, Yousef, Avi, Noa, Tamar, Priya, Arjun, Ananya, Rohan, Lakshmi, Vikram, Deepa, Harpreet, Imran,
  Nasreen, Tenzin, Nguyệt, Đức, Thảo, Minh, Siti, Budi, Putri, Agus, Maria Clara, Jun, Datu, Kwame, Abena, Chinedu,
  Ngozi, Olúwaṣeun, Temitope, Wanjiku, Kipchoge, Thandiwe, Sipho, Amadou, Fatoumata, Tariku, Makeda, Hakim,
  Jürgen, Anneliese, Matthias, Käthe, Günther, Émile, Geneviève, François, Hélène, Loïc, Giulia, Niccolò, Pietro,
  Chiara, Aurélien, Maëlys, Sven, Ingrid, Freyja, Þórunn, Guðmundur, Aino, Väinö, Mārtiņš, Rūta, Kęstutis, Tõnu,
  Grace, Oliver, Charlotte, Liam, Emma, Noah, Isla, Ethan, Harper, Caleb, Destiny, Malik, Keisha, Nizhoni, Keanu,
  Leilani, 美咲|misaki, 健太|kenta, さくら|sakura, 王伟|wei, 李娜|na, 지우|jiwoo, 민준|minjun, Алексей|aleksei,
  Светлана|svetlana, Γιώργος|giorgos, أحمد|ahmed, नेहा|neha, D’Angelo, Jean-Luc, Mary-Ann, Þór, Æsa`)

export const lastNames = names(`
  Smith, Johnson, Hill, García, Rodríguez, Muñoz, Núñez, Fernández, López, Peña, Silva, Gonçalves, Araújo, Conceição,
  Müller, Schröder, Weiß, Jäger, Bäcker, Köhler, Großmann, Dubois, Lefèvre, Bélanger, Côté, Gagné, Rossi, D’Amico,
  Lo Presti, Bianchi, Nowak, Wójcik, Wiśniewska, Kowalczyk, Dąbrowski, Novák, Dvořáková, Černý, Nagy, Szabó, Kovács,
  Popescu, Ionescu, Papadopoulos, Ivanov, Petrova, Shevchenko, Kovalenko, Jovanović, Horvat, Đukić, Hansen, Sørensen,
  Ødegård, Lindqvist, Åkesson, Björk, Jónsdóttir, Sigurðsson, Virtanen, Mäkelä, Bērziņš, Kazlauskas, Tamm, O’Connor,
  Ó Briain, MacLeod, Llewellyn, van der Berg, de Vries, van den Heuvel, Yılmaz, Kaya, Çelik, Şahin, Doğan, Yıldırım,
  Hosseini, Rahimi, Haddad, El-Masry, bin Rashid, Al-Farsi, Cohen, Mizrahi, Ben-David, Khan, Ahmed, Chaudhry, Patel,
  Sharma, Iyer, Reddy, Mukherjee, Singh, Kaur, Gupta, Fernando, Perera, Gurung, Nguyễn, Trần, Phạm, Lê, Wijaya,
  Santoso, Hartono, dela Cruz, Reyes, Bautista, Santos, Chen, Wang, Zhang, Li, Liu, Huang, Wu, Tanaka, Suzuki, Satō,
  Yamamoto, Kobayashi, Kim, Park, Choi, Jeong, Okafor, Adébáyọ̀, Eze, Mensah, Owusu, Kamau, Otieno, Mwangi, Dlamini,
  Nkosi, van Wyk, Diallo, Traoré, N’Diaye, Tesfaye, Bekele, Hassan, Benali, Williams, Brown, Jones, Davis, Miller,
  Wilson, Taylor, Campbell, Stewart, Murphy, Kelly, Begay, Kahananui, Whitehorse, Tāmati, Ngata, 佐藤|sato, 鈴木|suzuki,
  陈|chen, 김|kim, Кузнецов|kuznetsov, Παπαδάκης|papadakis, الحسن|alhassan, शर्मा|sharma`)

/** Words of a made-up company's domain. The endings are reserved: nobody owns them. */
export const companyWords = {
  first: [
    ...[
      'harbor',
      'north',
      'silver',
      'cedar',
      'granite',
      'tide',
      'lumen',
      'amber',
      'field',
      'atlas',
    ],
    ...[
      'copper',
      'river',
      'summit',
      'ember',
      'marble',
      'orchard',
      'quartz',
      'willow',
      'falcon',
      'delta',
    ],
  ],
  second: [
    ...['lane', 'wind', 'gate', 'works', 'bridge', 'water', 'light', 'stone', 'peak', 'mark'],
    ...['ford', 'line', 'crest', 'point', 'vale', 'yard', 'grove', 'ridge', 'port', 'mill'],
  ],
} as const
