package runtime

// Wide is one model as it is generated, with more members than one word has bits for their presence. It is as long as that takes.
type Wide struct {
	F0   string         `json:"f0"`
	F1   string         `json:"f1"`
	F2   string         `json:"f2"`
	F3   string         `json:"f3"`
	F4   string         `json:"f4"`
	F5   string         `json:"f5"`
	F6   string         `json:"f6"`
	F7   string         `json:"f7"`
	F8   string         `json:"f8"`
	F9   string         `json:"f9"`
	F10  string         `json:"f10"`
	F11  string         `json:"f11"`
	F12  string         `json:"f12"`
	F13  string         `json:"f13"`
	F14  string         `json:"f14"`
	F15  string         `json:"f15"`
	F16  string         `json:"f16"`
	F17  string         `json:"f17"`
	F18  string         `json:"f18"`
	F19  string         `json:"f19"`
	F20  string         `json:"f20"`
	F21  string         `json:"f21"`
	F22  string         `json:"f22"`
	F23  string         `json:"f23"`
	F24  string         `json:"f24"`
	F25  string         `json:"f25"`
	F26  string         `json:"f26"`
	F27  string         `json:"f27"`
	F28  string         `json:"f28"`
	F29  string         `json:"f29"`
	F30  string         `json:"f30"`
	F31  string         `json:"f31"`
	F32  string         `json:"f32"`
	F33  string         `json:"f33"`
	F34  string         `json:"f34"`
	F35  string         `json:"f35"`
	F36  string         `json:"f36"`
	F37  string         `json:"f37"`
	F38  string         `json:"f38"`
	F39  string         `json:"f39"`
	F40  string         `json:"f40"`
	F41  string         `json:"f41"`
	F42  string         `json:"f42"`
	F43  string         `json:"f43"`
	F44  string         `json:"f44"`
	F45  string         `json:"f45"`
	F46  string         `json:"f46"`
	F47  string         `json:"f47"`
	F48  string         `json:"f48"`
	F49  string         `json:"f49"`
	F50  string         `json:"f50"`
	F51  string         `json:"f51"`
	F52  string         `json:"f52"`
	F53  string         `json:"f53"`
	F54  string         `json:"f54"`
	F55  string         `json:"f55"`
	F56  string         `json:"f56"`
	F57  string         `json:"f57"`
	F58  string         `json:"f58"`
	F59  string         `json:"f59"`
	F60  string         `json:"f60"`
	F61  string         `json:"f61"`
	F62  string         `json:"f62"`
	F63  string         `json:"f63"`
	F64  string         `json:"f64"`
	F65  string         `json:"f65"`
	F66  string         `json:"f66"`
	F67  string         `json:"f67"`
	F68  AffectedObject `json:"f68"`
	F69  string         `json:"f69"`
	JSON Members        `json:"-"`
}

var shapeOfWide = newShape("Wide", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31", "f32", "f33", "f34", "f35", "f36", "f37", "f38", "f39", "f40", "f41", "f42", "f43", "f44", "f45", "f46", "f47", "f48", "f49", "f50", "f51", "f52", "f53", "f54", "f55", "f56", "f57", "f58", "f59", "f60", "f61", "f62", "f63", "f64", "f65", "f66", "f67", "f68", "f69")

func (m *Wide) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m Wide) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *Wide) Clone() *Wide {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *Wide) members() *Members { return &m.JSON }

func (m *Wide) isZero() bool {
	return !(m.F0 != "") && !(m.F1 != "") && !(m.F2 != "") && !(m.F3 != "") && !(m.F4 != "") && !(m.F5 != "") && !(m.F6 != "") && !(m.F7 != "") && !(m.F8 != "") && !(m.F9 != "") && !(m.F10 != "") && !(m.F11 != "") && !(m.F12 != "") && !(m.F13 != "") && !(m.F14 != "") && !(m.F15 != "") && !(m.F16 != "") && !(m.F17 != "") && !(m.F18 != "") && !(m.F19 != "") && !(m.F20 != "") && !(m.F21 != "") && !(m.F22 != "") && !(m.F23 != "") && !(m.F24 != "") && !(m.F25 != "") && !(m.F26 != "") && !(m.F27 != "") && !(m.F28 != "") && !(m.F29 != "") && !(m.F30 != "") && !(m.F31 != "") && !(m.F32 != "") && !(m.F33 != "") && !(m.F34 != "") && !(m.F35 != "") && !(m.F36 != "") && !(m.F37 != "") && !(m.F38 != "") && !(m.F39 != "") && !(m.F40 != "") && !(m.F41 != "") && !(m.F42 != "") && !(m.F43 != "") && !(m.F44 != "") && !(m.F45 != "") && !(m.F46 != "") && !(m.F47 != "") && !(m.F48 != "") && !(m.F49 != "") && !(m.F50 != "") && !(m.F51 != "") && !(m.F52 != "") && !(m.F53 != "") && !(m.F54 != "") && !(m.F55 != "") && !(m.F56 != "") && !(m.F57 != "") && !(m.F58 != "") && !(m.F59 != "") && !(m.F60 != "") && !(m.F61 != "") && !(m.F62 != "") && !(m.F63 != "") && !(m.F64 != "") && !(m.F65 != "") && !(m.F66 != "") && !(m.F67 != "") && m.F68.isZero() && !(m.F69 != "") && m.JSON.isZero()
}

func (m *Wide) detach() {
	detachStrings(&m.F0, &m.F1, &m.F2, &m.F3, &m.F4, &m.F5, &m.F6, &m.F7, &m.F8, &m.F9, &m.F10, &m.F11, &m.F12, &m.F13, &m.F14, &m.F15, &m.F16, &m.F17, &m.F18, &m.F19, &m.F20, &m.F21, &m.F22, &m.F23, &m.F24, &m.F25, &m.F26, &m.F27, &m.F28, &m.F29, &m.F30, &m.F31, &m.F32, &m.F33, &m.F34, &m.F35, &m.F36, &m.F37, &m.F38, &m.F39, &m.F40, &m.F41, &m.F42, &m.F43, &m.F44, &m.F45, &m.F46, &m.F47, &m.F48, &m.F49, &m.F50, &m.F51, &m.F52, &m.F53, &m.F54, &m.F55, &m.F56, &m.F57, &m.F58, &m.F59, &m.F60, &m.F61, &m.F62, &m.F63, &m.F64, &m.F65, &m.F66, &m.F67, &m.F69)
	m.F68.detach()
	m.JSON.detach()
}

func (m *Wide) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = Wide{}
	}
	o := d.object(shapeOfWide)
	for o.more() {
		switch o.key {
		case "f0":
			o.string(0, &m.F0)
		case "f1":
			o.string(1, &m.F1)
		case "f2":
			o.string(2, &m.F2)
		case "f3":
			o.string(3, &m.F3)
		case "f4":
			o.string(4, &m.F4)
		case "f5":
			o.string(5, &m.F5)
		case "f6":
			o.string(6, &m.F6)
		case "f7":
			o.string(7, &m.F7)
		case "f8":
			o.string(8, &m.F8)
		case "f9":
			o.string(9, &m.F9)
		case "f10":
			o.string(10, &m.F10)
		case "f11":
			o.string(11, &m.F11)
		case "f12":
			o.string(12, &m.F12)
		case "f13":
			o.string(13, &m.F13)
		case "f14":
			o.string(14, &m.F14)
		case "f15":
			o.string(15, &m.F15)
		case "f16":
			o.string(16, &m.F16)
		case "f17":
			o.string(17, &m.F17)
		case "f18":
			o.string(18, &m.F18)
		case "f19":
			o.string(19, &m.F19)
		case "f20":
			o.string(20, &m.F20)
		case "f21":
			o.string(21, &m.F21)
		case "f22":
			o.string(22, &m.F22)
		case "f23":
			o.string(23, &m.F23)
		case "f24":
			o.string(24, &m.F24)
		case "f25":
			o.string(25, &m.F25)
		case "f26":
			o.string(26, &m.F26)
		case "f27":
			o.string(27, &m.F27)
		case "f28":
			o.string(28, &m.F28)
		case "f29":
			o.string(29, &m.F29)
		case "f30":
			o.string(30, &m.F30)
		case "f31":
			o.string(31, &m.F31)
		case "f32":
			o.string(32, &m.F32)
		case "f33":
			o.string(33, &m.F33)
		case "f34":
			o.string(34, &m.F34)
		case "f35":
			o.string(35, &m.F35)
		case "f36":
			o.string(36, &m.F36)
		case "f37":
			o.string(37, &m.F37)
		case "f38":
			o.string(38, &m.F38)
		case "f39":
			o.string(39, &m.F39)
		case "f40":
			o.string(40, &m.F40)
		case "f41":
			o.string(41, &m.F41)
		case "f42":
			o.string(42, &m.F42)
		case "f43":
			o.string(43, &m.F43)
		case "f44":
			o.string(44, &m.F44)
		case "f45":
			o.string(45, &m.F45)
		case "f46":
			o.string(46, &m.F46)
		case "f47":
			o.string(47, &m.F47)
		case "f48":
			o.string(48, &m.F48)
		case "f49":
			o.string(49, &m.F49)
		case "f50":
			o.string(50, &m.F50)
		case "f51":
			o.string(51, &m.F51)
		case "f52":
			o.string(52, &m.F52)
		case "f53":
			o.string(53, &m.F53)
		case "f54":
			o.string(54, &m.F54)
		case "f55":
			o.string(55, &m.F55)
		case "f56":
			o.string(56, &m.F56)
		case "f57":
			o.string(57, &m.F57)
		case "f58":
			o.string(58, &m.F58)
		case "f59":
			o.string(59, &m.F59)
		case "f60":
			o.string(60, &m.F60)
		case "f61":
			o.string(61, &m.F61)
		case "f62":
			o.string(62, &m.F62)
		case "f63":
			o.string(63, &m.F63)
		case "f64":
			o.string(64, &m.F64)
		case "f65":
			o.string(65, &m.F65)
		case "f66":
			o.string(66, &m.F66)
		case "f67":
			o.string(67, &m.F67)
		case "f68":
			if o.known(68) {
				m.F68.decodeJSON(d)
			}
		case "f69":
			o.string(69, &m.F69)
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *Wide) encodeJSON(e *encoder) {
	o := e.object(shapeOfWide, &m.JSON)
	o.string(0, optional, m.F0)
	o.string(1, optional, m.F1)
	o.string(2, optional, m.F2)
	o.string(3, optional, m.F3)
	o.string(4, optional, m.F4)
	o.string(5, optional, m.F5)
	o.string(6, optional, m.F6)
	o.string(7, optional, m.F7)
	o.string(8, optional, m.F8)
	o.string(9, optional, m.F9)
	o.string(10, optional, m.F10)
	o.string(11, optional, m.F11)
	o.string(12, optional, m.F12)
	o.string(13, optional, m.F13)
	o.string(14, optional, m.F14)
	o.string(15, optional, m.F15)
	o.string(16, optional, m.F16)
	o.string(17, optional, m.F17)
	o.string(18, optional, m.F18)
	o.string(19, optional, m.F19)
	o.string(20, optional, m.F20)
	o.string(21, optional, m.F21)
	o.string(22, optional, m.F22)
	o.string(23, optional, m.F23)
	o.string(24, optional, m.F24)
	o.string(25, optional, m.F25)
	o.string(26, optional, m.F26)
	o.string(27, optional, m.F27)
	o.string(28, optional, m.F28)
	o.string(29, optional, m.F29)
	o.string(30, optional, m.F30)
	o.string(31, optional, m.F31)
	o.string(32, optional, m.F32)
	o.string(33, optional, m.F33)
	o.string(34, optional, m.F34)
	o.string(35, optional, m.F35)
	o.string(36, optional, m.F36)
	o.string(37, optional, m.F37)
	o.string(38, optional, m.F38)
	o.string(39, optional, m.F39)
	o.string(40, optional, m.F40)
	o.string(41, optional, m.F41)
	o.string(42, optional, m.F42)
	o.string(43, optional, m.F43)
	o.string(44, optional, m.F44)
	o.string(45, optional, m.F45)
	o.string(46, optional, m.F46)
	o.string(47, optional, m.F47)
	o.string(48, optional, m.F48)
	o.string(49, optional, m.F49)
	o.string(50, optional, m.F50)
	o.string(51, optional, m.F51)
	o.string(52, optional, m.F52)
	o.string(53, optional, m.F53)
	o.string(54, optional, m.F54)
	o.string(55, optional, m.F55)
	o.string(56, optional, m.F56)
	o.string(57, optional, m.F57)
	o.string(58, optional, m.F58)
	o.string(59, optional, m.F59)
	o.string(60, optional, m.F60)
	o.string(61, optional, m.F61)
	o.string(62, optional, m.F62)
	o.string(63, optional, m.F63)
	o.string(64, optional, m.F64)
	o.string(65, optional, m.F65)
	o.string(66, optional, m.F66)
	o.string(67, optional, m.F67)
	if o.member(68, optional, !m.F68.isZero()) {
		m.F68.encodeJSON(e)
	}
	o.string(69, required, m.F69)
	o.end()
}
